"""What the shop's systems speak of: customers, orders, parcels, refunds and returns.

Step 6 of a message's way (act): these are the values that cross the protocol in
``shop.backend``. Money is a whole number of fen (1/100 yuan), never a float. Times are
aware and in UTC; a ``date`` is a day in the shop's own time zone. A text that a shopper may
read is a dict with the keys ``zh`` (Simplified) and ``en``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

Text = dict[str, str]


class Language(str, Enum):
    """The language a customer has chosen in the shop."""

    SIMPLIFIED = "zh-Hans"
    TRADITIONAL = "zh-Hant"
    ENGLISH = "en"


class Level(str, Enum):
    """The membership level; where each begins is in ``policy.yml``."""

    STANDARD = "standard"
    SILVER = "silver"
    GOLD = "gold"


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


class RefundState(str, Enum):
    """How far a refund has come."""

    INSPECTING = "inspecting"  # the warehouse is checking the parcel
    APPROVED = "approved"  # handed to the bank or wallet
    PAID = "paid"  # with the shopper


class ReturnReason(str, Enum):
    """Why a shopper sends something back."""

    CHANGED_MIND = "changed_mind"
    SIZE = "size"
    OTHER = "other"
    QUALITY = "quality"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING = "missing"

    @property
    def is_claim(self) -> bool:
        """Tell whether the shop has to answer for it, so that the claim period counts."""
        return self in (self.QUALITY, self.DAMAGED, self.WRONG_ITEM, self.MISSING)


class Payer(str, Enum):
    """Who pays for the parcel back."""

    SHOPPER = "shopper"
    SHOP = "shop"


@dataclass(frozen=True)
class Identity:
    """Who is asking, as the door has verified it; never taken from what was said.

    Raises:
        ValueError: not exactly one of the two ids is given.
    """

    customer_id: str | None = None
    visitor_id: str | None = None

    def __post_init__(self) -> None:
        if bool(self.customer_id) == bool(self.visitor_id):
            raise ValueError("an identity is either a customer or a visitor")

    @property
    def actor(self) -> str:
        """One string for both kinds, such as ``customer:C1001``, to tell actors apart."""
        if self.customer_id:
            return f"customer:{self.customer_id}"
        return f"visitor:{self.visitor_id}"


@dataclass(frozen=True)
class Customer:
    """A person with an account."""

    id: str
    name: str
    language: Language
    level: Level
    phone: str
    points: int

    @property
    def phone_last4(self) -> str:
        """The last four digits, which a guest gives to prove that an order is theirs."""
        return self.phone[-4:]


@dataclass(frozen=True)
class OrderLine:
    """One product in an order. ``traits`` are what the return rules look at."""

    id: int
    sku: str
    title: Text
    category: str
    quantity: int
    unit_price_cents: int
    traits: tuple[str, ...] = ()
    returned_quantity: int = 0

    @property
    def left_quantity(self) -> int:
        """Pieces for which no return has been opened."""
        return self.quantity - self.returned_quantity


@dataclass(frozen=True)
class TrackingEvent:
    """One scan of a parcel. ``at`` is aware, UTC."""

    at: datetime
    place: Text
    text: Text


@dataclass(frozen=True)
class Shipment:
    """One parcel; ``events`` are oldest first."""

    tracking_number: str
    carrier: Text
    status: ShipmentStatus
    promised_on: date
    events: tuple[TrackingEvent, ...] = ()


@dataclass(frozen=True)
class Refund:
    """Money on its way back; ``due_on`` is the last day on which it should arrive."""

    number: str
    amount_cents: int
    state: RefundState
    opened_at: datetime
    due_on: date


@dataclass(frozen=True)
class Order:
    """An order with all that a shopper may ask about it."""

    number: str
    customer_id: str
    status: OrderStatus
    placed_at: datetime
    delivered_at: datetime | None
    total_cents: int
    lines: tuple[OrderLine, ...]
    shipments: tuple[Shipment, ...] = ()
    refund: Refund | None = None


@dataclass(frozen=True)
class ReturnAuthorisation:
    """The shop's word that these lines may be sent back, and for how much."""

    rma_number: str
    order_number: str
    line_ids: tuple[int, ...]
    reason: ReturnReason
    note: str
    opened_at: datetime
    refund_cents: int
    freight_paid_by: Payer
