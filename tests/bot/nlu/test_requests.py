"""A message is cut where a new matter begins, and nowhere else."""

import pytest
import yaml

from bot.nlu.requests import WORDS, Part, Request, parts, several

LEAST = 0.6


def texts(message):
    return [part.text for part in parts(message)]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("我的快递到哪了，另外怎么开发票", ["我的快递到哪了", "怎么开发票"]),
        ("退款什么时候到账？顺便问下积分怎么用", ["退款什么时候到账", "问下积分怎么用"]),
        ("我的快遞到哪了？還有就是想問下運費", ["我的快遞到哪了", "想問下運費"]),
        (
            "where is my parcel, also do you sell gift wrap",
            ["where is my parcel", "do you sell gift wrap"],
        ),
        (
            "Where's my refund? By the way, is there a sale soon?",
            ["Where's my refund", "is there a sale soon"],
        ),
    ],
)
def test_a_new_matter_is_a_new_part(message, expected):
    assert texts(message) == expected


@pytest.mark.parametrize(
    "message",
    ["我的快递到哪了", "where is my order XE20260001", "好的", "", "？？？", "also", "另外"],
)
def test_a_single_matter_stays_whole(message):
    assert len(parts(message)) <= 1


def test_parts_are_as_they_were_written():
    assert texts("ＸＥ２０２６０００１到哪了？另外我要開發票") == [
        "ＸＥ２０２６０００１到哪了",
        "我要開發票",
    ]


def test_a_part_knows_whether_it_was_announced():
    assert parts("怎么退货？另外运费多少") == [Part("怎么退货", False), Part("运费多少", True)]


def understood(*found):
    return [
        Request(Part(f"part {place}", announced), intent, confidence)
        for place, (intent, confidence, announced) in enumerate(found)
    ]


def chosen(*found):
    return [request.intent for request in several(understood(*found), least=LEAST)]


def test_two_matters_are_two_requests():
    assert chosen(("account_login", 0.9, False), ("shipping_fee_policy", 0.8, False)) == [
        "account_login",
        "shipping_fee_policy",
    ]


def test_what_asks_back_is_served_last():
    assert chosen(
        ("return_item", 0.9, False), ("account_login", 0.9, False), ("track_order", 0.9, False)
    ) == [
        "account_login",
        "track_order",
        "return_item",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("delivery_problem", "return_item"),
        ("warranty_repair", "exchange_item"),
        ("track_order", "cancel_order"),
        ("complaint", "refund_status"),
        ("stock", "product_question"),
    ],
)
def test_a_story_and_its_wish_are_one_request(first, second):
    assert chosen((first, 0.9, False), (second, 0.9, False)) == []
    # Unless somebody says that it is another matter.
    assert len(chosen((first, 0.9, False), (second, 0.9, True))) == 2


@pytest.mark.parametrize("intent", ["greet", "thanks", "deny", "human_agent", "nlu_fallback", ""])
def test_a_greeting_or_a_sigh_is_no_request(intent):
    assert chosen((intent, 0.9, False), ("invoice", 0.9, True)) == []


def test_a_doubtful_part_is_no_request():
    assert chosen(("invoice", 0.9, False), ("track_order", LEAST - 0.01, True)) == []


def test_the_same_matter_twice_is_one():
    assert chosen(("invoice", 0.9, False), ("invoice", 0.9, True)) == []


def test_the_words_name_intents_of_the_domain(domain_intents):
    stored = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    named = {i for kind in ("stories", "served") for group in stored[kind].values() for i in group}
    assert named <= domain_intents
