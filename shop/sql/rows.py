"""Rows of the tables as the shop's values; a row that makes no sense is no value.

Step 6 of a message's way (act): another program may have written what is in the database. What
cannot be understood is not guessed at: ``decoding`` takes it for a shop that cannot answer.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from shop.errors import ShopUnavailable
from shop.models import (
    Address,
    Inquiry,
    Invoice,
    InvoiceKind,
    InvoiceState,
    OrderLine,
    Payer,
    Payment,
    PaymentState,
    Problem,
    Reason,
    Refund,
    RefundState,
    Remedy,
    ReturnAuthorisation,
    ReturnState,
    Shipment,
    ShipmentStatus,
    Text,
    TrackingEvent,
)


@contextmanager
def decoding() -> Iterator[None]:
    """Read rows and make values of them.

    Raises:
        ShopUnavailable: a state nobody knows, JSON of another shape, money below zero.
    """
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ShopUnavailable() from error


def amount(value: Any) -> int:
    """Take fen, points or pieces.

    Raises:
        ValueError: it is no whole number, or below zero.
    """
    if not isinstance(value, int) or value < 0:
        raise ValueError("an amount that is none")
    return value


def text(value: Any) -> Text:
    """Take a text in both languages.

    Raises:
        ValueError: it has other keys or holds something else than words.
    """
    if not isinstance(value, dict) or not {"zh", "en"} <= value.keys():
        raise ValueError("a text without both languages")
    if not all(isinstance(words, str) for words in value.values()):
        raise ValueError("a text that is none")
    return value


def listed(value: Any, kind: type) -> tuple[Any, ...]:
    """Take a list of one kind of thing.

    Raises:
        ValueError: it is no list, or holds something else.
    """
    if not isinstance(value, list) or not all(isinstance(each, kind) for each in value):
        raise ValueError("a list that is none")
    return tuple(value)


def address(row: Any) -> Address | None:
    """Where an order goes; None when that was not kept."""
    if row.recipient is None:
        return None
    return Address(
        recipient=row.recipient,
        phone=row.phone or "",
        region=row.region or "",
        city=row.city or "",
        detail=row.detail or "",
    )


def line(row: Any) -> OrderLine:
    """One line of an order."""
    return OrderLine(
        id=row.id,
        sku=row.sku,
        title=text(row.title),
        category=row.category,
        quantity=amount(row.quantity),
        unit_price_cents=amount(row.unit_price_cents),
        traits=listed(row.traits, str),
        returned_quantity=amount(row.returned_quantity),
        variant=row.variant,
        gift_with=row.gift_with,
        bundle=row.bundle,
    )


def shipment(scans: Sequence[Any]) -> Shipment:
    """One parcel of its rows, one for each scan."""
    parcel = scans[0]
    return Shipment(
        tracking_number=parcel.tracking_number,
        carrier=text(parcel.carrier),
        status=ShipmentStatus(parcel.status),
        promised_on=parcel.promised_on,
        events=tuple(
            TrackingEvent(
                at=scan.event_at, place=text(scan.event_place), text=text(scan.event_text)
            )
            for scan in scans
            if scan.event_id is not None
        ),
        line_ids=listed(parcel.line_ids, int),
    )


def payment(row: Any) -> Payment:
    """One attempt to pay."""
    return Payment(
        id=row.id,
        method=row.method,
        amount_cents=amount(row.amount_cents),
        state=PaymentState(row.state),
        at=row.at,
        problem=row.problem,
    )


def refund(row: Any) -> Refund:
    """Money on its way back."""
    return Refund(
        number=row.number,
        amount_cents=amount(row.amount_cents),
        state=RefundState(row.state),
        opened_at=row.opened_at,
        due_on=row.due_on,
        points=amount(row.points),
        cause=Remedy(row.cause),
        rma_number=row.rma_number,
    )


def authorisation(pieces: Sequence[Any]) -> ReturnAuthorisation:
    """One case about goods of its rows, one for each line."""
    row = pieces[0]
    return ReturnAuthorisation(
        rma_number=row.rma_number,
        order_number=row.order_number,
        kind=Remedy(row.kind),
        pieces=tuple((piece.line_id, amount(piece.quantity)) for piece in pieces),
        reason=Reason(row.reason),
        note=row.note,
        opened_at=row.opened_at,
        refund_cents=amount(row.refund_cents),
        freight_paid_by=Payer(row.freight_paid_by),
        replacement=row.replacement,
        state=ReturnState(row.state),
    )


def inquiry(row: Any) -> Inquiry:
    """A parcel that the carrier has to look for."""
    return Inquiry(
        number=row.number,
        tracking_number=row.tracking_number,
        problem=Problem(row.problem),
        opened_at=row.opened_at,
        answer_by=row.answer_by,
        open=row.open,
    )


def invoice(row: Any) -> Invoice:
    """An invoice."""
    return Invoice(
        number=row.number,
        kind=InvoiceKind(row.kind),
        title=row.title,
        tax_number=row.tax_number,
        email=row.email,
        amount_cents=amount(row.amount_cents),
        state=InvoiceState(row.state),
        requested_at=row.requested_at,
        due_at=row.due_at,
        replaces=row.replaces,
    )
