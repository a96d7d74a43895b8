"""Orders: lines, parcels, payments, refunds and what was settled about them.

Step 6 of a message's way (act): values that cross the protocol in ``shop.backend``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from shop.models.people import Address
from shop.models.settlements import Inquiry, Invoice, Refund, ReturnAuthorisation
from shop.models.texts import Text


class OrderStatus(str, Enum):
    """Where an order stands as a whole. A part return leaves it ``delivered``."""

    UNPAID = "unpaid"  # the payment window is still open
    PAID = "paid"  # not yet handed to the carrier: may be cancelled or re-addressed
    SHIPPED = "shipped"  # at least one parcel is on its way
    DELIVERED = "delivered"  # every parcel has been signed for
    CANCELLED = "cancelled"  # closed before dispatch
    REFUNDING = "refunding"  # the money for the whole order is on its way back
    REFUNDED = "refunded"  # the money for the whole order has been paid back


class ShipmentStatus(str, Enum):
    """Whether a parcel has arrived."""

    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    EXCEPTION = "exception"  # the carrier says that it is lost, refused or on its way back


class PaymentState(str, Enum):
    """What became of one attempt to pay."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class OrderLine:
    """One product in an order. ``traits`` are what the return rules look at.

    ``unit_price_cents`` is the price before coupons, points and member's discount. ``variant`` is
    the id of the variant bought, empty where there is one kind only. ``returned_quantity`` counts
    pieces from the moment when a return, or a refund without a parcel, is opened for them. A gift has ``gift_with``, the
    id of the line that it came with; lines of one bundle share ``bundle``.
    """

    id: int
    sku: str
    title: Text
    category: str
    quantity: int
    unit_price_cents: int
    traits: tuple[str, ...] = ()
    returned_quantity: int = 0
    variant: str = ""
    gift_with: int | None = None
    bundle: str = ""

    @property
    def left_quantity(self) -> int:
        """Pieces about which nothing has been settled."""
        return self.quantity - self.returned_quantity


@dataclass(frozen=True)
class TrackingEvent:
    """One scan of a parcel. ``at`` is aware, UTC."""

    at: datetime
    place: Text
    text: Text


@dataclass(frozen=True)
class Shipment:
    """One parcel; ``events`` are oldest first; ``line_ids`` are empty when all lines are in it."""

    tracking_number: str
    carrier: Text
    status: ShipmentStatus
    promised_on: date
    events: tuple[TrackingEvent, ...] = ()
    line_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Payment:
    """One attempt to pay; ``method`` is one of the policy's, ``problem`` a code when it failed."""

    id: str
    method: str
    amount_cents: int
    state: PaymentState
    at: datetime
    problem: str = ""


@dataclass(frozen=True)
class Order:
    """An order with all that a shopper may ask about it.

    ``total_cents`` is the money paid, freight (``freight_cents``) included; ``points_used`` were
    paid on top of it and ``coupon_cents`` came off the price. Lists are oldest first.
    """

    number: str
    customer_id: str
    status: OrderStatus
    placed_at: datetime
    delivered_at: datetime | None
    total_cents: int
    lines: tuple[OrderLine, ...]
    shipments: tuple[Shipment, ...] = ()
    freight_cents: int = 0
    coupon_cents: int = 0
    points_used: int = 0
    address: Address | None = None
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    returns: tuple[ReturnAuthorisation, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    compensated: bool = False

    @property
    def refund(self) -> Refund | None:
        """The newest refund, if there is any."""
        return self.refunds[-1] if self.refunds else None

    def line(self, line_id: int) -> OrderLine | None:
        """Find a line by its id."""
        return next((line for line in self.lines if line.id == line_id), None)
