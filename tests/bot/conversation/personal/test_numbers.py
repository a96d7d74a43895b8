"""Phones, identity cards and bank cards, as people write them, and what only looks like one."""

import pytest

from bot.conversation.personal.numbers import BANK_CARD, ID_CARD, PHONE, numbers


def kinds(text):
    return {(text[start:end], marker) for start, end, marker in numbers(text)}


@pytest.mark.parametrize(
    "phone",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "138.0013.8000",
        "1380 0138 000",
        "13800 138000",
        "+8613800138000",
        "+86 138 0013 8000",
        "(+86)13800138000",
        "008613800138000",
        "8613800138000",
        "86-138-0013-8000",
        "01062345678",
        "010-62345678",
        "010 6234 5678",
        "(010) 62345678",
        "075588886666",
        "0571-8888 6666",
        "02-2345-6789",
        "0912-345-678",
        "+886 2 2345 6789",
        "+852 2345 6789",
        "+1 415 555 0132",
        "+1 (415) 555-0132",
        "+1-415-555-0132",
        "+14155550132",
        "(415) 555-0132",
        "(415)555-0132",
        "415-555-0132",
        "415.555.0132",
        "+44 20 7946 0958",
        "+44 (0)20 7946 0958",
        "020 7946 0958",
        "07700 900123",
        "0044 20 7946 0958",
        "+65 6123 4567",
    ],
)
def test_phones(phone):
    for before, after in (
        ("", ""),
        ("电话", "谢谢"),
        ("call ", " now"),
        ("phone=", ","),
        ("55 ", " 6"),
    ):
        found = {text for text, kind in kinds(f"{before}{phone}{after}") if kind == PHONE}
        # The plus in a parenthesis begins it; the parenthesis is the sentence's.
        assert any(phone.removeprefix("(") in text for text in found), (before, after, found)


@pytest.mark.parametrize(
    "card",
    [
        "11010519491231002X",
        "11010519491231002x",
        "440308199901101512",
        "110105 19491231 002X",
        "1101 0519 4912 3100 2X",
        "110105-19491231-002X",
        "130503670401001",
        "130503 670401 001",
    ],
)
def test_identity_cards(card):
    for before, after in (("", ""), ("身份证", "没错"), ("ID ", "."), ("55 ", " 6")):
        assert (card, ID_CARD) in kinds(f"{before}{card}{after}")


@pytest.mark.parametrize(
    "digits",
    [
        "110105194912310021",  # the check character is X
        "110105194913310028",  # no thirteenth month
        "010105194912310025",  # no region
        "130503671301001",
    ],
)
def test_digits_that_are_no_identity_card(digits):
    assert ID_CARD not in {kind for _, kind in kinds(digits)}


@pytest.mark.parametrize(
    "card",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4222222222222",
        "378282246310005",
        "3782 822463 10005",
        "6222021234567894",
        "6222 0212 3456 7890 128",
        "622202 1234567890128",
        "5555555555554444",
        "2221000000000009",
    ],
)
def test_bank_cards(card):
    for before, after in (("", ""), ("卡号", "退款"), ("card ", "."), ("55 ", " 66"), ("1.", "")):
        assert (card, BANK_CARD) in kinds(f"{before}{card}{after}")


@pytest.mark.parametrize(
    ("spelled", "kind"),
    [
        ("1 3 8 0 0 1 3 8 0 0 0", PHONE),
        ("1-3-8-0-0-1-3-8-0-0-0", PHONE),
        ("6 2 2 2 0 2 1 2 3 4 5 6 7 8 9 4", BANK_CARD),
        ("1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", ID_CARD),
    ],
)
def test_numbers_spelled_digit_by_digit(spelled, kind):
    for before, after in (("", ""), ("号码是", "，好"), ("it is ", ".")):
        assert (spelled, kind) in kinds(before + spelled + after)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # the last digit does not fit
        "order 411111111111",  # twelve digits
        "41111111111111111111",  # twenty
        "0.4111111111111111",
        "20260501123018",
        "1714540800138",
        "1714540800123456787",
        "YT4111111111111111",
        "a4111111111111111",
        "4111111111111111b",
        "12800138000",
        "1380013800",
        "138001380001",
        "9f13800138000c",
        "deadbeef13800138000",
        "05-01 12345678",
        "2026-09-12345678",
        "+08:00 +0800",
        "15 299 1299 88",
        "13 20 45 66 78 9 10 11",
        "139.10.200.100",
        "10.0.0.1:13800",
        "T-260501-0001 123 456",
        "26260501-0001-0001-0001-012345678901",
        "0000012345",
    ],
)
def test_what_only_looks_like_a_number_of_somebody(text):
    assert kinds(text) == set()
