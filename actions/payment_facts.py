"""What can be said of an order's payments."""

from pathlib import Path
from typing import Any, Dict, Iterable, List, Text

from actions.facts import FactWriter
from actions.word_patterns import load_words
from shop import Order, Payment, PaymentState

_NAMES = Path(__file__).with_name("payments.yml")


def arrived(order: Order) -> List[Payment]:
    """Payments that have come in, oldest first."""
    return [each for each in order.payments if each.state is PaymentState.PAID]


def failed(order: Order) -> List[Payment]:
    """Attempts that failed, oldest first."""
    return [each for each in order.payments if each.state is PaymentState.FAILED]


def methods(names: Iterable[Text], write: FactWriter) -> Text:
    """Ways to pay, in the reader's language."""
    known = load_words(_NAMES)
    return write.joined(known.get(name, {}).get(write.language, name) for name in names)


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
