"""Names and tax numbers as shoppers write them."""

from typing import Optional

import pytest

from actions.invoice_title import stated_title, tax_number_in, title_in, what_is_wrong


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("王小明", "王小明"),
        ("我叫王小明", "王小明"),
        ("就写王小明吧", "王小明"),
        ("抬头写王小明，谢谢", "王小明"),
        ("公司名称：杭州云杉科技有限公司", "杭州云杉科技有限公司"),
        ("开杭州云杉科技有限公司", "杭州云杉科技有限公司"),
        ("不对，是李雷", "李雷"),
        ("抬頭寫陳大文就好", "陳大文"),
        ("John Smith", "John Smith"),
        ("my name is John Smith, thanks", "John Smith"),
        ("Put it in the name of Brightwell Ltd please", "Brightwell Ltd"),
        ("It's Brightwell Ltd.", "Brightwell Ltd"),
        ("the company name is Brightwell Ltd", "Brightwell Ltd"),
        ("12345", None),
        ("？", None),
        ("", None),
    ],
)
def test_the_name_is_what_stands_between_the_usual_words(text: str, title: Optional[str]) -> None:
    assert title_in(text) == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("不对，抬头写李雷", "李雷"),
        ("不是，改成李雷吧", "李雷"),
        ("抬头是上海临风设计有限公司，税号没变", "上海临风设计有限公司"),
        ("no, put John Smith on it", "John Smith"),
        ("change it to John Smith please", "John Smith"),
        ("the name should be Jane Doe", "Jane Doe"),
        ("抬头写错了", None),
        ("好的", None),
        ("the name is wrong", None),
        ("yes please", None),
    ],
)
def test_a_name_can_be_stated_unasked(text: str, title: Optional[str]) -> None:
    assert stated_title(text) == title


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("税号是91330106MA2CFQ1T5G", "91330106MA2CFQ1T5G"),
        ("９１３３０１０６ｍａ２ｃｆｑ１ｔ５ｇ", "91330106MA2CFQ1T5G"),
        ("it's 9133 0106 MA2C FQ1T 5G", "9133 0106 MA2C FQ1T 5G"),
        ("91330106MA2", "91330106MA2"),
        ("在营业执照上", None),
        ("I don't have one", None),
    ],
)
def test_what_looks_like_a_tax_number_is_found(text: str, number: Optional[str]) -> None:
    assert tax_number_in(text) == number


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("91330106MA2CFQ1T", "length"),
        ("9133010", "length"),
        ("9133O106MA2CFQ1T5G", "letters"),
        ("91330106MA2CFQ1T5X", "digits"),
        ("3301060000000/A", "digits"),
    ],
)
def test_what_is_wrong_with_a_number_is_named(number: str, wrong: str) -> None:
    assert what_is_wrong(number) == wrong
