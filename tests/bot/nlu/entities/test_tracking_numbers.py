from typing import List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.entities.tracking_numbers import find_tracking_numbers
from bot.nlu.normaliser import normalise


def found_in(text: str) -> List[str]:
    return [span.value for span in find_tracking_numbers(normalise(text).text)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("顺丰SF1234567890123到哪了", "SF1234567890123"),
        ("sf 1234 5678 9012", "SF123456789012"),
        ("单号：ＳＦ１２３４５６７８９０１２３", "SF1234567890123"),
        ("圓通YT1234567890123", "YT1234567890123"),
        ("YT123456789012345没动", "YT123456789012345"),
        ("极兔JT0012345678901", "JT0012345678901"),
        ("JD0012345678901-1-1-", "JD0012345678901"),
        ("京东JDVA01234567890", "JDVA01234567890"),
        ("德邦DPK201234567890", "DPK201234567890"),
        ("中通75312345678901", "75312345678901"),
        ("申通的快递 773012345678901 丢了", "773012345678901"),
        ("韵达 4312345678901", "4312345678901"),
        ("运单号是 123456789012", "123456789012"),
        ("EA123456789CN", "EA123456789CN"),
        ("parcel RR 123 456 789 GB is stuck", "RR123456789GB"),
        ("1Z999AA10123456784", "1Z999AA10123456784"),
        ("UPS 1Z 999 AA1 01 2345 6784 please", "1Z999AA10123456784"),
        ("FedEx 1234 5678 9012", "123456789012"),
        ("fedex says 123456789012345 is delayed", "123456789012345"),
        ("USPS 9400111899223100001234", "9400111899223100001234"),
        ("9400 1118 9922 3100 0012 34 has no update", "9400111899223100001234"),
        ("DHL 1234567890", "1234567890"),
        ("DHL的单号1234567890查不到", "1234567890"),
        ("tracking number: 420123456789", "420123456789"),
        ("TBA123456789012", "TBA123456789012"),
    ],
)
def test_a_tracking_number_is_found_by_its_carriers_pattern(text: str, number: str) -> None:
    assert number in found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "订单号123456789012",
        "order number 123456789012",
        "123456789012",
        "1234567890",
        "卡号6222021234567890123",
        "1Z999AA10123456785",
        "SF123",
        "SF12345678901",
        "YT12345",
        "快递 12345",
        "usps 12345",
        "13800001001",
        "XE20260001",
        "2026年11月3号的快递",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert found_in(text) == []


@given(st.text("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=15, max_size=15))
def test_exactly_one_check_digit_makes_a_ups_number(body: str) -> None:
    right = [digit for digit in "0123456789" if found_in(f"1Z{body}{digit}")]
    assert len(right) == 1
