"""Several orders in a list, one line each: which, what is in it, how it stands, until when."""

from pathlib import Path
from typing import Sequence, Text

from actions.facts import FactWriter
from actions.word_patterns import load_words
from shop import Order, OrderStatus

_WORDS = Path(__file__).with_suffix(".yml")


def order_list(orders: Sequence[Order], write: FactWriter) -> Text:
    """The orders, one line each."""
    return "\n".join(_line(order, write) for order in orders)


def _line(order: Order, write: FactWriter) -> Text:
    expected = order.status is OrderStatus.SHIPPED and order.shipments
    state = "expected" if expected else order.status.value
    last = max((each.promised_on for each in order.shipments), default=None)
    return load_words(_WORDS)[state][write.language].format(
        number=order.number,
        title=write.order_title(order),
        promised_on=write.day(last) if last else "",
        delivered_on=write.day(order.delivered_at) if order.delivered_at else "",
    )
