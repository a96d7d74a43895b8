"""What is found in a message by rule: numbers, choices, reasons, days, goods."""

import functools
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.entities.phrases import phrase_index
from bot.nlu.entity_rules import EntityExtractor, RuleEntityExtractor

ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("订单XExe20260001１００第二个坏了 太大,.-\u200b"),
    )
)


TODAY = date(2026, 11, 18)
PRODUCTS = {"扫地机器人": "AP1001", "黑巧克力": "FO1011", "Green tea gift box": "FO1001"}


@functools.lru_cache(maxsize=1)
def extractor() -> EntityExtractor:
    return EntityExtractor(PRODUCTS)


PHRASES = {phrase.entity for phrase in phrase_index().all()}


def extract(text: str) -> List[Dict[str, Any]]:
    return extractor().extract(text, TODAY)


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
        "XE2026",
        "订单AB20260001",
        "买了20260001",
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
@example("\ud800昨天\udc00买了2件")
@example("½块ﬁ12 Main Streetﬁ")
def test_any_text_is_searched_and_offsets_lie_within_it(text: str) -> None:
    found = extract(text)
    for entity in found:
        assert 0 <= entity["start"] < entity["end"] <= len(text)
        assert entity["value"]
    for first, second in zip(found, found[1:]):
        # The last four digits lie within the number that they are of, phrases across all.
        lying = {first["entity"], second["entity"]} & {"phone_last4", *PHRASES}
        assert first["end"] <= second["start"] or lying


# As written: Traditional, full width, with marks of no width.
PARTS = {
    "XE20260001": "order_number",
    "ｘｅ２０２６０００１": "order_number",
    "XE 2026\u200b 0001": "order_number",
    "SF1234567890123": "tracking_number",
    "13800001001": "phone",
    "lin@example.com": "email",
    "￥59.9": "amount",
    "五十塊錢": "amount",
    "兩雙": "quantity",
    "前天": "date",
    "11月3號": "date",
    "掃地機器人": "product",
    "深灰色": "color",
    "1.8米床": "size",
    "杭州市西湖區文三路478號": "address",
    "不想要了": "return_reason",
    "最近那單": "order_choice",
    "91350100M000100Y43": "tax_number",
    "杭州云杉科技有限公司": "company",
}


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from(sorted(PARTS)), min_size=1, max_size=4),
    st.lists(
        st.sampled_from(["，", "。", " , ", "🎉", "\u202e。", "！？"]), min_size=5, max_size=5
    ),
)
def test_every_entity_is_found_where_it_was_written(parts: List[str], gaps: List[str]) -> None:
    text, places = gaps[0], []
    for part, gap in zip(parts, gaps[1:]):
        places.append((PARTS[part], len(text), len(text) + len(part)))
        text += part + gap
    found = [(e["entity"], e["start"], e["end"]) for e in extract(text)]
    assert [place for place in found if place[0] != "phone_last4"] == places


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


def component(folder: Path) -> RuleEntityExtractor:
    nothing: Any = None
    storage = LocalModelStorage(folder)
    return RuleEntityExtractor.create({}, storage, Resource("entities"), nothing)


def test_the_component_adds_to_what_others_found(tmp_path: Path) -> None:
    other = {"entity": "language", "value": "zh"}
    message = Message(data={TEXT: "尾号1001", ENTITIES: [other]})
    (message,) = component(tmp_path).process([message])
    assert [entity["entity"] for entity in message.get(ENTITIES)] == ["language", "phone_last4"]


def test_days_are_counted_from_the_moment_in_the_metadata(tmp_path: Path) -> None:
    def day(now: Optional[str]) -> str:
        metadata = {"now": now} if now else {}
        message = Message(data={TEXT: "昨天买的", "metadata": metadata})
        (message,) = component(tmp_path).process([message])
        return str(message.get(ENTITIES)[0]["value"])

    assert day("2026-11-18") == "2026-11-17"
    assert day("2026-01-01T08:00:00+08:00") == "2025-12-31"
    assert day("2026-01-01T08:00:00Z") == "2025-12-31"
    for unusable in (None, "soon", "18.11.2026"):
        yesterdays = {date.today() - timedelta(days=days) for days in (1, 2)}
        assert date.fromisoformat(day(unusable)) in yesterdays


def test_products_are_learnt_from_the_training_data(tmp_path: Path) -> None:
    training_data = TrainingData(
        lookup_tables=[
            {"name": "product", "elements": ["Rice cooker", "电饭煲"]},
            {"name": "city", "elements": ["杭州"]},
        ],
        entity_synonyms={"Rice cooker": "AP1002", "电饭煲": "AP1002", "NYC": "New York"},
    )
    trained = component(tmp_path)
    resource = trained.train(training_data)
    nothing: Any = None
    loaded = RuleEntityExtractor.load({}, LocalModelStorage(tmp_path), resource, nothing)
    for text in ("我的電飯煲坏了", "the RICE COOKER is faulty", "杭州 NYC"):
        for found in (trained, loaded):
            (message,) = found.process([Message(data={TEXT: text})])
            skus = [e["value"] for e in message.get(ENTITIES) if e["entity"] == "product"]
            assert skus == ([] if "NYC" in text else ["AP1002"])


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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("11月3号", {"date": "2026-11-03"}),
        ("2026-11-03", {"date": "2026-11-03"}),
        ("2月30号买的", {}),
        ("付了1299", {"amount": "CNY 1299.00"}),
        ("两块钱", {"amount": "CNY 2.00"}),
        ("订单XE20260001，黑色星期五买的", {"order_number": "XE20260001", "date": "2025-11-28"}),
        ("黑巧克力", {"product": "FO1011"}),
        ("green tea gift box", {"product": "FO1001"}),
        ("green tea", {}),
        ("第二个", {"line_choice": "2"}),
        ("2 boxes of 3", {"quantity": "2"}),
        ("13800001001", {"phone": "13800001001", "phone_last4": "1001"}),
        ("单号SF1234567890123", {"tracking_number": "SF1234567890123"}),
        ("XE2026000", {"order_number": "XE2026000"}),
        ("寄到幸福路1001号", {"address": "幸福路1001号"}),
    ],
)
def test_of_several_readings_the_longer_or_more_specific_one_counts(
    text: str, found: Dict[str, str]
) -> None:
    assert found_in(text) == found


def test_what_a_shopper_wrote_is_not_remembered() -> None:
    extract("陈小姐 13812345678 qwertzuiop 鑫鱻")
    strings = extractor()._words._nlp.vocab.strings
    assert "塊" not in strings and "13812345678" not in strings and "qwertzuiop" not in strings


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "🎉",
        "。。。！！",
        "\u200b\u200f",
        "\u202e订单\u202c",
        "\ud800",
        "これはどこ",
        "где мой заказ",
        "١٢٣",
        "½ ⅓ ① ㊗",
    ],
)
def test_bad_input_names_nothing(text: str) -> None:
    assert extract(text) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "订单什么时候发货",
        "a",
        "1",
        "1 ",
        "a@",
        "XE20260001 ",
        "路",
        "一百",
        "周一到",
        "12 Aa, ",
        "+1 ",
    ],
)
def test_ten_thousand_characters_take_less_than_a_tenth_of_a_second(pattern: str) -> None:
    text = (pattern * 10_000)[:10_000]
    extract(text)
    taken = []
    for _ in range(5):
        began = time.thread_time()
        extract(text)
        taken.append(time.thread_time() - began)
    assert min(taken) < 0.1


def test_a_message_takes_less_than_a_millisecond() -> None:
    taken = []
    for _ in range(200):
        began = time.thread_time()
        extract("你好我昨天下的单XE20260001到哪了")
        taken.append(time.thread_time() - began)
    # The slower half may have waited for another process.
    assert sorted(taken)[100] < 0.001
