"""Several orders in a list, one line each: which, what is in it, how it stands, until when."""

import functools
from pathlib import Path
from typing import Dict, Sequence, Text

import yaml

from actions.facts import FactWriter
from shop import Order, OrderStatus


def order_list(orders: Sequence[Order], write: FactWriter) -> Text:
    """The orders, one line each."""
    return "\n".join(_line(order, write) for order in orders)


def _line(order: Order, write: FactWriter) -> Text:
    expected = order.status is OrderStatus.SHIPPED and order.shipments
    state = "expected" if expected else order.status.value
    last = max((each.promised_on for each in order.shipments), default=None)
    return _lines()[state][write.language].format(
        number=order.number,
        title=write.order_title(order),
        promised_on=write.day(last) if last else "",
        delivered_on=write.day(order.delivered_at) if order.delivered_at else "",
    )


@functools.lru_cache(maxsize=1)
def _lines() -> Dict[Text, Dict[Text, Text]]:
    stored = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(stored))
