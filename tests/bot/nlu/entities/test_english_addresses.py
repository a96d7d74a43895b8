from typing import List

import pytest

from bot.nlu.entities.english_addresses import find_english_addresses
from bot.nlu.normaliser import normalise


def found_in(text: str) -> List[str]:
    return [
        text[span.start : span.end] for span in find_english_addresses(normalise(text).text, text)
    ]


@pytest.mark.parametrize(
    ("before", "address", "after"),
    [
        ("ship to ", "221B Baker Street, London NW1 6XE", " please"),
        ("my address is ", "1600 Amphitheatre Parkway, Mountain View, CA 94043", ""),
        ("send it to ", "45 Elm Street, Apt 3B, Boston, MA 02116", "."),
        ("", "Flat 2, 10 Kings Road, Brighton BN1 1NR", ""),
        ("moved to ", "9 Queen's Avenue", ", please update"),
        ("to ", "12 maple avenue", " thanks"),
        ("We are at ", "14 Harbour Lane", ". Please update it"),
        ("at ", "350 5th Ave, New York, NY 10118", ""),
        ("deliver to ", "88 Queen's Road Central, Hong Kong", "吗"),
        ("new one: ", "12 Maple Drive, Toronto", ""),
        ("寄到", "1 Infinite Loop Road, Cupertino CA 95014", "可以吗"),
        ("use ", "PO Box 123", ""),
    ],
)
def test_an_address_is_found_from_the_flat_to_the_postcode(
    before: str, address: str, after: str
) -> None:
    assert found_in(before + address + after) == [address]


def test_a_postcode_alone_is_found_where_it_is_called_one() -> None:
    assert found_in("my postcode is SW1A 1AA") == ["SW1A 1AA"]
    assert found_in("zip 94107") == ["94107"]
    assert found_in("zip code: 10118-0110") == ["10118-0110"]


@pytest.mark.parametrize(
    "text",
    [
        "I waited 3 hours on the street",
        "2 days on the road",
        "it is 5 km from my place",
        "2 items in a row",
        "3 pairs of road shoes",
        "order 12345",
        "94107",
        "the zip is broken",
        "drive carefully",
        "10 ways to close an account",
    ],
)
def test_numbers_and_streets_alone_are_no_address(text: str) -> None:
    assert found_in(text) == []
