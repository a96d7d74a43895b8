"""The shop's systems behind one protocol: orders, parcels, refunds, returns.

Step 6 of a message's way (act). ``open_shop`` gives a ``ShopBackend``; what goes in and out
is in ``shop.models``, what can go wrong in ``shop.errors``, the after-sales rules in
``shop.rights``.
"""

from datetime import datetime, timezone

from shop.backend import ShopBackend
from shop.sql.engine import open_engine
from shop.errors import (
    IdempotencyConflict,
    LineNotFound,
    NotADemoShop,
    OrderNotFound,
    PolicyError,
    ProofRejected,
    RequestRefused,
    ReturnRefused,
    ShopError,
    ShopUnavailable,
    StepUpRequired,
    TooManyAttempts,
    VariantNotFound,
)
from shop.models import (
    Customer,
    Identity,
    Language,
    Level,
    Order,
    OrderLine,
    OrderStatus,
    Payer,
    Refund,
    RefundState,
    ReturnAuthorisation,
    Reason,
    Shipment,
    ShipmentStatus,
    TrackingEvent,
)
from shop.order_number import normalise_order_number
from shop.rights import (
    LineVerdict,
    Outcome,
    ParcelState,
    Policy,
    PolicyBook,
    PolicySource,
    Verdict,
    assess,
    explain,
    load_policies,
    load_policy,
    parcels,
    remedies,
    returnable,
)
from shop.settings import ShopSettings
from shop.sql.backend import SqlShop

__all__ = [
    "Customer",
    "IdempotencyConflict",
    "Identity",
    "Language",
    "Level",
    "LineNotFound",
    "LineVerdict",
    "NotADemoShop",
    "Order",
    "OrderLine",
    "OrderNotFound",
    "OrderStatus",
    "Outcome",
    "ParcelState",
    "Payer",
    "Policy",
    "PolicyBook",
    "PolicyError",
    "PolicySource",
    "ProofRejected",
    "Refund",
    "RefundState",
    "ReturnAuthorisation",
    "Reason",
    "ReturnRefused",
    "Shipment",
    "ShipmentStatus",
    "ShopBackend",
    "ShopError",
    "ShopSettings",
    "ShopUnavailable",
    "SqlShop",
    "TooManyAttempts",
    "TrackingEvent",
    "Verdict",
    "assess",
    "explain",
    "load_policies",
    "load_policy",
    "normalise_order_number",
    "open_shop",
    "parcels",
    "remedies",
    "returnable",
]


def open_shop(settings: ShopSettings) -> ShopBackend:
    """Open the shop that the settings name, with its own rules and the real clock.

    Raises:
        PolicyError: the shop's rules cannot be used.
        ShopUnavailable: the database URL cannot be used.
    """
    return SqlShop(open_engine(settings.database_url), load_policy(), _utc_now)


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)
