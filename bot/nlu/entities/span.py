"""A stretch of text that means something, and which one counts where several overlap."""

from typing import Iterable, List, NamedTuple, Text

# Read as something that is no entity (a time of day, an impossible date): its digits are not to be
# taken for something else.
NOTHING = "nothing"

# Of two readings of the same characters, the kind that says more.
_SPECIFIC_FIRST = (
    "order_number",
    "email",
    "tracking_number",
    "tax_number",
    "phone",
    "date",
    "address",
    "company",
    "recipient",
    "product",
    "amount",
    "size",
    "line_choice",
    "order_choice",
    "return_reason",
    "delivery_problem",
    "remedy",
    "payment_problem",
    "invoice_kind",
    "quantity",
    "color",
    NOTHING,
    "phone_last4",
)
_RANKS = {entity: rank for rank, entity in enumerate(_SPECIFIC_FIRST)}


class Span(NamedTuple):
    """Characters [start, end) of the folded text, what they are, and the value in its one form."""

    start: int
    end: int
    entity: Text
    value: Text


def without_overlaps(spans: Iterable[Span], length: int) -> List[Span]:
    """Of overlapping spans the longest, then the most specific; in the order of the text.

    Args:
        spans: what was found in a text, in any order.
        length: of the text.
    """
    taken = bytearray(length)
    kept = []
    for span in sorted(spans, key=_importance):
        if taken.find(1, span.start, span.end) < 0:
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            if span.entity != NOTHING:
                kept.append(span)
    kept.sort()
    return kept


def _importance(span: Span) -> "tuple[int, int, int]":
    return span.start - span.end, _RANKS[span.entity], span.start
