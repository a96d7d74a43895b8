"""What comes of a request: refunds, returns, inquiries, invoices.

Step 6 of a message's way (act): values that cross the protocol in ``shop.backend``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from shop.models.requests import InvoiceKind, Pieces, Problem, Reason, Remedy


class RefundState(str, Enum):
    """How far a refund has come."""

    WAITING = "waiting"  # the parcel has not come back yet
    INSPECTING = "inspecting"  # the warehouse is checking the parcel
    APPROVED = "approved"  # handed to the bank or wallet
    PAID = "paid"  # with the shopper


class ReturnState(str, Enum):
    """How far a return, an exchange or a repair has come."""

    OPEN = "open"  # the parcel has not come back yet
    RECEIVED = "received"  # the warehouse has it
    CLOSED = "closed"  # settled: paid back, replaced or repaired
    CANCELLED = "cancelled"  # the shopper kept it


class InvoiceState(str, Enum):
    """How far an invoice has come."""

    REQUESTED = "requested"
    ISSUED = "issued"
    REPLACED = "replaced"  # by a reissued one


class Payer(str, Enum):
    """Who pays for the parcel back."""

    SHOPPER = "shopper"
    SHOP = "shop"


@dataclass(frozen=True)
class Refund:
    """Money on its way back; ``due_on`` is the last day on which it should arrive.

    ``points`` go back beside the money; ``cause`` is the remedy that it comes from.
    """

    number: str
    amount_cents: int
    state: RefundState
    opened_at: datetime
    due_on: date
    points: int = 0
    cause: Remedy = Remedy.RETURN
    rma_number: str | None = None


@dataclass(frozen=True)
class ReturnAuthorisation:
    """The shop's word that pieces may be sent back: to be refunded, exchanged or repaired.

    ``replacement`` is the id of the variant that is sent instead (exchange alone).
    """

    rma_number: str
    order_number: str
    kind: Remedy
    pieces: Pieces
    reason: Reason
    note: str
    opened_at: datetime
    refund_cents: int
    freight_paid_by: Payer
    replacement: str = ""
    state: ReturnState = ReturnState.OPEN

    @property
    def line_ids(self) -> tuple[int, ...]:
        """The lines concerned."""
        return tuple(line_id for line_id, _ in self.pieces)


@dataclass(frozen=True)
class Inquiry:
    """A parcel that the carrier has to look for; ``answer_by`` is when the shopper hears more."""

    number: str
    tracking_number: str
    problem: Problem
    opened_at: datetime
    answer_by: datetime
    open: bool = True


@dataclass(frozen=True)
class Invoice:
    """An electronic invoice (fapiao); ``replaces`` is the number of the one that it corrects."""

    number: str
    kind: InvoiceKind
    title: str
    tax_number: str
    email: str
    amount_cents: int
    state: InvoiceState
    requested_at: datetime
    due_at: datetime
    replaces: str | None = None


@dataclass(frozen=True)
class Coupon:
    """Money off a later order: ``amount_cents`` from ``from_cents`` of goods on."""

    code: str
    title: dict[str, str]
    amount_cents: int
    from_cents: int
    valid_until: date
    used: bool = False


@dataclass(frozen=True)
class PointsEntry:
    """One movement of points; ``reason`` is a code such as ``order``, ``refund``, ``expired``."""

    at: datetime
    points: int
    reason: str
    order_number: str | None = None


@dataclass(frozen=True)
class StockNotice:
    """Somebody to be told when a variant can be bought again."""

    number: str
    variant: str
    requested_at: datetime


@dataclass(frozen=True)
class Settlement:
    """What a request has led to. ``number`` is what the shopper is told to keep.

    ``remedy`` says what was done; ``due_at`` is when the next thing happens that was promised, and
    ``refund_cents``, ``points``, ``coupon_cents`` what comes back. ``policy_version`` and ``rules``
    are the verdict's, kept so that no later policy rewrites it.
    """

    number: str
    remedy: Remedy
    order_number: str
    settled_at: datetime
    due_at: datetime | None
    refund_cents: int = 0
    points: int = 0
    coupon_cents: int = 0
    freight_paid_by: Payer | None = None
    rules: tuple[str, ...] = ()
    policy_version: str = ""
