"""Where the demo shop's customers live.

Beside the way of a message: the city is the one to which a customer's parcels go; streets are
invented (``addresses.yml``), phone numbers follow the demo's pattern.
"""

from pathlib import Path
from typing import Any

import yaml

from shop.demo.people import Person
from shop.models import Address, Language, Text

_FILE = Path(__file__).with_name("addresses.yml")


class AddressBook:
    """Makes a customer's address, the same every time; English customers have it in English."""

    def __init__(self) -> None:
        self._book: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))

    def address(self, person: Person, city: Text) -> Address:
        """Give the address of a customer in a city of ``journeys.yml``."""
        number = int(person.id[1:])
        language = "en" if person.language is Language.ENGLISH else "zh"
        streets = self._book["streets"]
        detail: str = self._book["detail"][language]
        return Address(
            recipient=person.name,
            phone=person.phone,
            region=self.region(city)[language],
            city=city[language],
            detail=detail.format(
                street=streets[number % len(streets)][language],
                house=number % 180 + 1,
                building=number % 12 + 1,
                flat=number % 18 * 100 + 101,
            ),
        )

    def region(self, city: Text) -> Text:
        """Give the region in which a city lies."""
        region: Text = self._book["regions"][city["zh"]]
        return region
