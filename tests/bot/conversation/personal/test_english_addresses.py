"""Addresses in English: from the flat to the postcode."""

import pytest

from bot.conversation.masking import mask


@pytest.mark.parametrize(
    "address",
    [
        "221B Baker Street",
        "221B Baker Street, London NW1 6XE",
        "12 Baker Street London NW1 6XE",
        "Flat 3, 12 Old Kent Road, London SE1 4RA",
        "350 5th Avenue, New York, NY 10118",
        "350 Fifth Ave, Suite 2100, New York, NY 10118-0110",
        "1600 Pennsylvania Avenue NW, Washington, DC 20500",
        "1 E 42nd St, Apt 4B",
        "24 Sussex Drive, Ottawa, ON K1M 1M4",
        "12-14 High Street",
        "7 St. John's Rd.",
        "12 oak lane, apt 3",
        "5 maple drive, springfield 62704",
        "88 Jianguo Road, Chaoyang District, Beijing 100022",
        "Room 1203, Building 3, No. 88 Jianguo Road",
        "PO Box 1234",
        "P.O. Box 99",
    ],
)
def test_an_address_is_found_whole(address):
    for before, after in (("", ""), ("I live at ", " and wait"), ("寄到", "，谢谢"), ('"', '"')):
        assert mask(before + address + after) == f"{before}<address>{after}"


@pytest.mark.parametrize("address", ["221b baker street", "9 ELM RD", "10 Downing  Street"])
def test_capitals_and_blanks_do_not_matter_for_a_street(address):
    assert mask(f"to {address} please") == "to <address> please"


@pytest.mark.parametrize(
    "sentence",
    [
        "I ordered 2 phones from the street market",
        "the parcel was 3 days on the road",
        "2 items in this lane",
        "1 usb drive and 2 hard drives",
        "there is 1 place left, this way",
        "order 12 is on its way",
        "status 200 GET /v1/close",
        "XE20260001 street",
        "do you deliver to London NW1 6XE",
        "送到 Baker Street",
        "",
    ],
)
def test_what_only_sounds_like_a_street(sentence):
    assert mask(sentence) == sentence
