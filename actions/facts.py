"""The shop's facts in the reader's way of writing dates and money; wording stays in the domain."""

from datetime import date, datetime
from typing import Any, Dict, Iterable, List
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency

from shop import Address, Order, OrderLine

# Patterns by Unicode's date field symbols; `en` is read by people from many countries, so the
# month is a word.
_DATE = {"zh": "M月d日", "en": "d MMM"}
_DATE_AND_YEAR = {"zh": "y年M月d日", "en": "d MMM y"}
_MOMENT = {"zh": "M月d日 HH:mm", "en": "d MMM HH:mm"}
_SPACE = " "
_TITLES = {"zh": "、", "en": ", "}
_ITEMS = {"zh": "；", "en": "; "}


class FactWriter:
    """Writes facts for one language and time zone."""

    def __init__(self, *, language: str, timezone: str) -> None:
        self.language = language
        self._zone = ZoneInfo(timezone)
        self._locale = Locale.parse(language)

    def day(self, value: date) -> str:
        """A day without its year; an aware datetime is taken in the shop's zone."""
        if isinstance(value, datetime):
            value = value.astimezone(self._zone).date()
        return format_date(value, _DATE[self.language], locale=self._locale)

    def day_and_year(self, value: date) -> str:
        """A day that may lie in another year."""
        return format_date(value, _DATE_AND_YEAR[self.language], locale=self._locale)

    def moment(self, value: datetime) -> str:
        """A day and a time in the shop's zone."""
        return format_datetime(
            value, _MOMENT[self.language], tzinfo=self._zone, locale=self._locale
        )

    def money(self, cents: int) -> str:
        """Yuan with two decimals from fen."""
        return format_currency(cents / 100, "CNY", "¥#,##0.00", locale=self._locale)

    def text(self, texts: Dict[str, str]) -> str:
        """The shop's text in this language, or in the one that it has."""
        return texts.get(self.language) or next(iter(texts.values()), "")

    def titles(self, lines: List[OrderLine]) -> str:
        """The lines' titles in a row."""
        return self.joined(self.text(line.title) for line in lines)

    def joined(self, texts: Iterable[str]) -> str:
        """Texts in a row."""
        return _TITLES[self.language].join(texts)

    def listed(self, texts: Iterable[str]) -> str:
        """Texts in a row that may have commas of their own."""
        return _ITEMS[self.language].join(texts)

    def address(self, address: Address) -> str:
        """An address in one row; of the phone number only what tells it from others."""
        place = (address.region, address.city, address.detail)
        written = ("" if self.language == "zh" else ", ").join(part for part in place if part)
        return _SPACE.join(
            part for part in (address.recipient, masked(address.phone), written) if part
        )

    def order_title(self, order: Order) -> str:
        """What was bought, in a few words: the first line's title and how many more."""
        title = self.text(order.lines[0].title)
        return title if len(order.lines) == 1 else f"{title} +{len(order.lines) - 1}"

    def order_card(self, order: Order) -> Dict[str, Any]:
        """The order as a card that a door may draw; events newest last, at most three.

        `timezone` is the shop's (IANA): the card's times are to be the same as the text's.
        """
        events = [event for shipment in order.shipments for event in shipment.events][-3:]
        return {
            "type": "order",
            "number": order.number,
            "status": order.status.value,
            "title": self.order_title(order),
            "amount": self.money(order.total_cents),
            "timezone": self._zone.key,
            "events": [
                {
                    "at": event.at.isoformat(),
                    "place": self.text(event.place),
                    "text": self.text(event.text),
                }
                for event in events
            ],
        }


def masked(phone: str) -> str:
    """A phone number without its middle digits."""
    return phone if len(phone) < 8 else f"{phone[:3]}****{phone[-4:]}"
