"""In which language and script to answer."""

from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.language import DEFAULT, LANGUAGES, detect, write

HANS, HANT, EN = "zh-Hans", "zh-Hant", "en"


@pytest.mark.parametrize(
    ("text", "previous", "expected"),
    [
        # Plain Chinese, in both scripts, whatever was spoken before.
        ("你好", None, HANS),
        ("我的包裹到哪了，能查一下吗", None, HANS),
        ("我想退货", HANT, HANS),
        ("发票怎么开", EN, HANS),
        ("我的訂單在哪裡", None, HANT),
        ("我想退貨", HANS, HANT),
        ("後天到嗎", EN, HANT),
        ("這件衣服有貨嗎？", None, HANT),
        ("可以寄到台灣嗎", None, HANT),
        ("呢件衫幾時有貨", None, HANT),
        # Signs that both scripts share leave the script as it was; Simplified at first.
        ("我想退款", None, HANS),
        ("我想退款", HANT, HANT),
        ("我想退款", HANS, HANS),
        ("我想退款", EN, HANS),
        ("好", HANT, HANT),
        # One sign of each script: a slip of the keyboard, not another reader.
        ("订單", HANT, HANT),
        ("订單", None, HANS),
        ("发货了嗎，订单号多少", HANT, HANS),
        # Plain English.
        ("hello", None, EN),
        ("where is my parcel", None, EN),
        ("Where is my parcel?", HANS, EN),
        ("can't log in", HANT, EN),
        ("I DON’T WANT IT ANY MORE", HANS, EN),
        # Mixed.
        ("這個 size 可以換嗎", None, HANT),
        ("我要 refund", HANS, HANS),
        ("不能login", None, HANS),
        ("AirPods 的保护壳有货吗", EN, HANS),
        ("what does 退款 mean", None, EN),
        ("I want to return 这个", HANS, EN),
        # One Latin word does not change a conversation's language.
        ("ok", HANS, HANS),
        ("refund", HANT, HANT),
        ("where?", HANS, HANS),
        ("can't", HANS, HANS),
        ("OK👌", HANT, HANT),
        ("ok", EN, EN),
        ("ok", None, EN),
        # Order numbers, parcel numbers, phones, dates, addresses of pages and of people.
        ("XE20260001", None, HANS),
        ("XE20260001", HANT, HANT),
        ("XE20260001", EN, EN),
        ("SF1234567890123", EN, EN),
        ("13800001001", EN, EN),
        ("13800001001", HANT, HANT),
        ("2026-11-20", EN, EN),
        ("https://shop.example/products/tea-cup", HANT, HANT),
        ("emma@example.com", HANS, HANS),
        ("我的订单XE20260001到哪了", EN, HANS),
        ("XE20260001 when will it arrive?", HANS, EN),
        ("看这个 https://shop.example/a/very/long/english/path", EN, HANS),
        # Neither words nor signs.
        ("👍", None, HANS),
        ("👍👍", EN, EN),
        ("😭😭😭", HANT, HANT),
        ("…", EN, EN),
        ("？？？", HANT, HANT),
        ("1", EN, EN),
        ("", None, HANS),
        ("   ", EN, EN),
    ],
)
def test_the_language_of_a_message(text, previous, expected):
    assert detect(text, previous) == expected


@given(st.text(max_size=60), st.sampled_from([None, *LANGUAGES]))
def test_every_text_has_one_of_the_three_languages(text, previous):
    assert detect(text, previous) in LANGUAGES


@given(st.text(alphabet="0123456789 .,!?-#👍🎉", max_size=30), st.sampled_from(LANGUAGES))
def test_a_text_without_words_never_changes_the_language(text, previous):
    assert detect(text, previous) == previous
    assert detect(text) == DEFAULT


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("您的订单已发货", HANT, "您的訂單已發貨"),
        ("软件和信息", HANT, "軟體和資訊"),
        ("您的订单已发货", HANS, "您的订单已发货"),
        ("Your order is on its way", EN, "Your order is on its way"),
        ("XE20260001 · ¥128.00 👍", HANT, "XE20260001 · ¥128.00 👍"),
        ("", HANT, ""),
        ("统一社会信用代码", HANT, "統一社會信用代碼"),
    ],
)
def test_a_text_is_written_in_the_readers_script(text, language, expected):
    assert write(text, language) == expected


@pytest.mark.parametrize("text", ["您的订单已发货，请留意短信", "退货地址：上海市"])
def test_what_is_written_in_traditional_is_read_as_traditional(text):
    assert detect(write(text, HANT)) == HANT
    assert detect(text) == HANS


@pytest.mark.parametrize(
    ("text", "previous", "language"),
    [
        ("寄到台北要多久", "zh-Hant", "zh-Hant"),
        ("我住台中", "zh-Hant", "zh-Hant"),
        ("好吃", "zh-Hant", "zh-Hant"),
        ("寄台灣", None, "zh-Hant"),
        ("Dyson Supersonic Hair Dryer 有货吗", "zh-Hans", "zh-Hans"),
    ],
)
def test_characters_of_both_scripts_and_names_of_goods_decide_nothing(
    text: str, previous: Optional[str], language: str
) -> None:
    assert detect(text, previous) == language
