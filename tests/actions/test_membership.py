"""Points, level and coupons: a customer's own from their account, what is general from articles."""

from typing import Any, List

import pytest

from actions.membership import ActionTellCoupons, ActionTellMembership


async def asks(scene: Any, text: str, action: Any = None) -> List[str]:
    scene.hears(text, intent="membership_points")
    return list(await scene.does(action or ActionTellMembership()))


POINTS = ["utter_membership_points_until", "utter_membership_movements"]


@pytest.mark.parametrize(
    "text", ["我有多少积分", "积分余额", "我的积分什么时候到期", "积分", "我有多少點數"]
)
async def test_points_are_told_with_what_expires_next(customer: Any, text: str) -> None:
    scene = customer()
    assert await asks(scene, text) == POINTS
    points, movements = scene.messages
    assert (points["points"], points["worth"]) == (2280, "¥22.80")
    assert (points["expiring"], points["until"]) == (1399, "2027年10月11日")
    assert movements["movements"] == "11月17日 +881 XE20260002；10月11日 +1399 XE20260003"


@pytest.mark.parametrize(
    "text",
    ["how many points do I have", "my points", "when do my points expire", "Check my points"],
)
async def test_points_are_told_in_english(customer: Any, text: str) -> None:
    scene = customer("C1003", "en")
    assert await asks(scene, text) == POINTS
    assert scene.messages[0]["until"].endswith("Nov 2027")


async def test_who_has_no_points_hears_how_to_come_by_them(customer: Any) -> None:
    scene = customer("C1004")
    assert await asks(scene, "我的积分") == ["utter_membership_points_none"]


async def test_points_from_longer_ago_than_is_known_have_no_day(customer: Any, rows: Any) -> None:
    rows("delete from points_entries where customer_id = 'C1001'")
    scene = customer()
    assert await asks(scene, "我的积分") == ["utter_membership_points_undated"]


@pytest.mark.parametrize(
    ("number", "text", "language", "said", "missing"),
    [
        ("C1004", "我是什么等级", "zh-Hans", "standard", "¥1,000.00"),
        ("C1003", "what's my level", "en", "standard", "¥742.00"),
        ("C1002", "升金卡还差多少", "zh-Hant", "silver", None),
        ("C1002", "How much more do I need to spend for gold", "en", "silver", None),
        ("C1001", "查会员等级", "zh-Hans", "gold", None),
        ("C1001", "am I a gold member", "en", "gold", None),
    ],
)
async def test_the_level_is_told_with_the_way_to_the_next(
    customer: Any, number: str, text: str, language: str, said: str, missing: Any
) -> None:
    scene = customer(number, language)
    assert await asks(scene, text) == [f"utter_membership_level_{said}"]
    if missing is not None:
        assert scene.messages[0]["missing"] == missing


async def test_a_level_that_lags_behind_is_not_explained_away(customer: Any, rows: Any) -> None:
    rows("update customers set level = 'standard' where id = 'C1002'")
    scene = customer("C1002")
    assert await asks(scene, "我的等级") == ["utter_membership_level_standard_reached"]


@pytest.mark.parametrize(
    "text",
    [
        *("积分怎么用", "我的积分能换什么", "会员有什么好处", "100积分抵多少钱"),
        *("how do I use my points", "membership benefits", "can I transfer points to my wife"),
    ],
)
async def test_what_is_general_is_answered_from_an_article(customer: Any, text: str) -> None:
    assert await asks(customer(), text) == ["utter_knowledge_answer"]


async def test_a_visitor_hears_how_to_see_their_own(visitor: Any) -> None:
    scene = visitor()
    assert await asks(scene, "我有多少积分") == [
        "utter_knowledge_answer",
        "utter_membership_log_in",
    ]
    assert await asks(scene, "积分怎么用") == ["utter_knowledge_answer"]
    said = await asks(scene, "我的优惠券", ActionTellCoupons())
    assert said == ["utter_knowledge_answer", "utter_membership_log_in"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *(("我的优惠券", "zh-Hans"), ("我有什么券", "zh-Hans"), ("我有哪些優惠券", "zh-Hant")),
        *(("my coupons", "en"), ("what vouchers do I have", "en"), ("show my coupons", "en")),
    ],
)
async def test_coupons_are_told_the_next_to_expire_first(
    customer: Any, rows: Any, text: str, language: str
) -> None:
    rows("update coupons set valid_until = '2026-11-25' where code = 'CPW1001'")
    scene = customer(language=language)
    said = await asks(scene, text, ActionTellCoupons())
    assert said == ["utter_promotions_coupons", *["utter_promotions_coupon_from"] * 2]
    head, first, second = scene.messages
    assert head["count"] == 2
    assert (first["amount"], first["from_amount"]) == ("¥15.00", "¥60.00")
    assert (second["amount"], second["from_amount"]) == ("¥20.00", "¥80.00")


async def test_a_coupon_for_any_order_says_so(customer: Any, rows: Any) -> None:
    rows("update coupons set from_cents = 0 where code = 'CPB1001'")
    said = await asks(customer(), "我的优惠券", ActionTellCoupons())
    assert said[1:] == ["utter_promotions_coupon_any"]


async def test_without_coupons_the_article_says_where_they_come_from(
    customer: Any, rows: Any
) -> None:
    rows("delete from coupons where customer_id = 'C1001'")
    said = await asks(customer(), "我的优惠券", ActionTellCoupons())
    assert said == ["utter_promotions_no_coupons", "utter_knowledge_answer"]


@pytest.mark.parametrize(
    "text", ["新人券在哪领", "我的券用不了", "My coupon doesn't work", "can I stack coupons"]
)
async def test_how_coupons_work_is_answered_from_an_article(customer: Any, text: str) -> None:
    assert await asks(customer(), text, ActionTellCoupons()) == ["utter_knowledge_answer"]


async def test_without_the_shop_nothing_is_made_up(customer: Any, break_shop: Any) -> None:
    scene = customer()
    break_shop()
    assert await asks(scene, "我的积分") == ["utter_orders_shop_unavailable"]
