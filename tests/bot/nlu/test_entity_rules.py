"""What is found in a message by rule: numbers, choices, reasons."""

from typing import Any, Dict, List, Optional

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.entity_rules import RuleEntityExtractor, extract

ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("订单XExe20260001１００第二个坏了 太大,.-\u200b"),
    )
)


def values(text: str, entity: str) -> List[str]:
    return [found["value"] for found in extract(text) if found["entity"] == entity]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("我的订单XE20260001到哪了", "XE20260001"),
        ("XE20260001怎么还没到", "XE20260001"),
        ("订单号是xe20260001", "xe20260001"),
        ("訂單ＸＥ２０２６０００１什麼時候到", "ＸＥ２０２６０００１"),
        ("單號ｘｅ２０２６０００１", "ｘｅ２０２６０００１"),
        ("（XE20260001）", "XE20260001"),
        ("订单号：XE20260001，尾号1001", "XE20260001"),
        ("where is XE20260001?", "XE20260001"),
        ("where is xe20260001.", "xe20260001"),
        ("Xe20260001", "Xe20260001"),
        ("my order (XE20260001) is late", "XE20260001"),
        ("XE2026\u200b0001", "XE2026\u200b0001"),
    ],
)
def test_an_order_number_is_found_however_it_is_written(text: str, written: str) -> None:
    (found,) = [entity for entity in extract(text) if entity["entity"] == "order_number"]
    assert found["value"] == "XE20260001"
    assert text[found["start"] : found["end"]] == written


@pytest.mark.parametrize(
    "text",
    [
        "XE2026000",
        "XE202600011",
        "订单XE2026000到哪了",
        "订单AB20260001",
        "20260001",
        "XE2026000A",
        "order AXE20260001",
        "快递单号SF1234567890123",
        "xe",
    ],
)
def test_what_only_resembles_an_order_number_is_none(text: str) -> None:
    assert values(text, "order_number") == []


def test_several_order_numbers_are_found_in_their_order() -> None:
    assert values("XE20260002和XE20260001都没到", "order_number") == ["XE20260002", "XE20260001"]
    assert values("XE20260002 and XE20260001", "order_number") == ["XE20260002", "XE20260001"]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1001", "1001"),
        ("尾号1001", "1001"),
        ("後四位是１００１", "1001"),
        ("1001。", "1001"),
        ("手机号13800001001", "1001"),
        ("it ends in 1001", "1001"),
        ("1001, that's it", "1001"),
        ("my phone is 13800001001", "1001"),
        ("0001", "0001"),
    ],
)
def test_the_last_four_digits_of_a_phone_are_found(text: str, digits: str) -> None:
    assert values(text, "phone_last4") == [digits]


@pytest.mark.parametrize(
    "text",
    [
        "100",
        "尾号101",
        "10010",
        "验证码100100",
        "XE20260001",
        "12800001001",
        "138000010011",
        "1380000100",
        "一零零一",
        "room 101",
        "a1001",
    ],
)
def test_other_numbers_are_no_phone_digits(text: str) -> None:
    assert values(text, "phone_last4") == []


@pytest.mark.parametrize(
    "text",
    [
        "最近一单到哪了",
        "看一下最近那單",
        "我刚买的那个什么时候发",
        "最后一单",
        "where is my latest order",
        "the last order please",
        "My most recent order",
    ],
)
def test_the_latest_order_is_understood(text: str) -> None:
    assert values(text, "order_choice") == ["latest"]


@pytest.mark.parametrize("text", ["最近天气不错", "at last", "我的订单", "the latest news"])
def test_the_latest_of_something_else_is_not_the_latest_order(text: str) -> None:
    assert values(text, "order_choice") == []


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("全部都退", ["all", "all"]),
        ("兩個都退", ["all"]),
        ("第一个", ["1"]),
        ("第２件坏了", ["2"]),
        ("第一个和第三个", ["1", "3"]),
        ("第二個不要了", ["2"]),
        ("all of them", ["all"]),
        ("Both items", ["all"]),
        ("the first one and the third one", ["1", "3"]),
        ("just the second item please", ["2"]),
        ("第一次来", []),
        ("first of all", []),
    ],
)
def test_the_choice_of_lines_is_found(text: str, choices: List[str]) -> None:
    assert values(text, "line_choice") == choices


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("我不想要了", "changed_mind"),
        ("後悔了", "changed_mind"),
        ("I changed my mind", "changed_mind"),
        ("I don't need it anymore", "changed_mind"),
        ("尺码不合适", "size"),
        ("鞋子太小了", "size"),
        ("it doesn't fit", "size"),
        ("the coat is too big", "size"),
        ("質量有問題", "quality"),
        ("用了一天就坏了", "quality"),
        ("it stopped working", "quality"),
        ("The zip is broken.", "quality"),
        ("收到的时候就碎了", "damaged"),
        ("包裝破損", "damaged"),
        ("it arrived cracked", "damaged"),
        ("你们发错了", "wrong_item"),
        ("顏色不對", "wrong_item"),
        ("that's not what I ordered", "wrong_item"),
        ("少发了一件", "missing"),
        ("there is something missing", "missing"),
        ("怎么退货", None),
        ("how do I return this", None),
        ("unbroken chain", None),
    ],
)
def test_the_reason_of_a_return_is_found(text: str, reason: Optional[str]) -> None:
    assert values(text, "return_reason") == ([] if reason is None else [reason])


def test_one_sentence_may_say_everything() -> None:
    assert found_in("我想退XE20260005里的第二件，坏了，尾号1003") == {
        "order_number": "XE20260005",
        "line_choice": "2",
        "return_reason": "quality",
        "phone_last4": "1003",
    }
    assert found_in("return the second one from XE20260005, it is faulty, phone 1003") == {
        "order_number": "XE20260005",
        "line_choice": "2",
        "return_reason": "quality",
        "phone_last4": "1003",
    }


def found_in(text: str) -> Dict[str, str]:
    return {entity["entity"]: entity["value"] for entity in extract(text)}


@settings(deadline=None, max_examples=300)
@given(ANY_TEXT)
@example("\u200b")
@example("㈱1001㈱")
def test_any_text_is_searched_and_offsets_lie_within_it(text: str) -> None:
    for entity in extract(text):
        assert 0 <= entity["start"] < entity["end"] <= len(text)
        assert entity["value"]


@settings(deadline=None, max_examples=100)
@given(
    st.integers(0, 99_999_999),
    st.text("的订单到哪了請問查一下退货", max_size=6),
    st.text("怎么还没到什麼時候發", max_size=6),
)
def test_a_number_between_chinese_words_is_always_found(
    number: int, before: str, after: str
) -> None:
    text = f"{before}XE{number:08d}{after}"
    assert values(text, "order_number") == [f"XE{number:08d}"]


def test_the_component_adds_to_what_others_found() -> None:
    nothing: Any = None
    component = RuleEntityExtractor.create({}, nothing, nothing, nothing)
    other = {"entity": "language", "value": "zh"}
    message = Message(data={TEXT: "尾号1001", ENTITIES: [other]})
    (message,) = component.process([message])
    assert [entity["entity"] for entity in message.get(ENTITIES)] == ["language", "phone_last4"]


@pytest.mark.parametrize(
    "text",
    [
        "XE20260001,1001",
        "XE20260001，1001",
        "XE20260001/1001",
        "XE20260001;1001",
        "No.XE20260001",
        "order#XE20260001",
        "https://shop.example/orders/XE20260001",
    ],
)
def test_an_order_number_is_found_beside_any_mark(text: str) -> None:
    assert [e["value"] for e in extract(text) if e["entity"] == "order_number"] == ["XE20260001"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("doesn’t fit", "size"),
        ("I don’t want it", "changed_mind"),
        ("it doesn’t work", "quality"),
    ],
)
def test_a_curly_apostrophe_is_an_apostrophe(text: str, reason: str) -> None:
    assert [e["value"] for e in extract(text) if e["entity"] == "return_reason"] == [reason]


@pytest.mark.parametrize("text", ["2026年买的", "XE-2026-0001", "2026-11-01", "12:2026"])
def test_four_digits_of_a_longer_number_prove_nothing(text: str) -> None:
    assert [e for e in extract(text) if e["entity"] == "phone_last4"] == []
