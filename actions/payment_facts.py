"""What can be said of an order's payments."""

import functools
from pathlib import Path
from typing import Any, Dict, Iterable, List, Text

import yaml

from actions.facts import FactWriter
from shop import Order, Payment, PaymentState


def arrived(order: Order) -> List[Payment]:
    """Payments that have come in, oldest first."""
    return [each for each in order.payments if each.state is PaymentState.PAID]


def failed(order: Order) -> List[Payment]:
    """Attempts that failed, oldest first."""
    return [each for each in order.payments if each.state is PaymentState.FAILED]


def methods(names: Iterable[Text], write: FactWriter) -> Text:
    """Ways to pay, in the reader's language."""
    return write.joined(_names().get(name, {}).get(write.language, name) for name in names)


def payment_facts(order: Order, write: FactWriter) -> Dict[Text, Any]:
    """Each payment that has come in, and what the order costs."""
    payments = (
        f"{write.money(each.amount_cents)} {methods([each.method], write)} {write.moment(each.at)}"
        for each in arrived(order)
    )
    return {
        "payments": write.joined(payments),
        "amount": write.money(order.total_cents),
    }


@functools.lru_cache(maxsize=1)
def _names() -> Dict[Text, Dict[Text, Text]]:
    stored = Path(__file__).with_name("payments.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(stored))
