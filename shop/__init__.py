"""The shop's systems behind one protocol: orders, parcels, refunds, returns.

Step 6 of a message's way (act). ``open_shop`` gives a ``ShopBackend``; what goes in and out
is in ``shop.models``, what can go wrong in ``shop.errors``, the after-sales rules in
``shop.rights``.
"""

import contextlib
from datetime import datetime, timezone

from shop.backend import ShopBackend
from shop.errors import (
    IdempotencyConflict,
    LineNotFound,
    NotADemoShop,
    OrderNotFound,
    PolicyError,
    ProofRejected,
    RequestRefused,
    SchemaMismatch,
    ShopError,
    ShopUnavailable,
    StepUpRequired,
    TooManyAttempts,
    VariantNotFound,
)
from shop.http import Connection, HttpShop
from shop.models import (
    Address,
    CancelRequest,
    CompensationRequest,
    Coupon,
    Customer,
    DuplicatePaymentRequest,
    ExchangeRequest,
    GoodsRequest,
    Identity,
    Inquiry,
    InquiryRequest,
    Invoice,
    InvoiceKind,
    InvoiceRequest,
    InvoiceState,
    Language,
    Level,
    Order,
    OrderLine,
    OrderStatus,
    Payer,
    Payment,
    PaymentState,
    Pieces,
    PointsEntry,
    PricePoint,
    PriceProtectionRequest,
    Problem,
    Product,
    Promise,
    PromiseState,
    Reason,
    RedirectRequest,
    Refund,
    RefundOnlyRequest,
    RefundState,
    Remedy,
    RepairRequest,
    Request,
    ResendRequest,
    ReturnAuthorisation,
    ReturnRequest,
    ReturnState,
    Settlement,
    Shipment,
    ShipmentStatus,
    StockNotice,
    Text,
    TrackingEvent,
    Variant,
)
from shop.order_number import is_order_number, normalise_order_number
from shop.promises import PromiseBook
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
    explain_rule,
    is_tax_number,
    load_policies,
    load_policy,
    normalise_tax_number,
    parcels,
    remedies,
    returnable,
    working_day_after,
)
from shop.settings import ShopSettings
from shop.sql import schema
from shop.sql.backend import SqlShop
from shop.sql.engine import create_folder, open_engine
from shop.sql.promises import SqlPromiseBook

__all__ = [
    "Address",
    "CancelRequest",
    "CompensationRequest",
    "Coupon",
    "Customer",
    "DuplicatePaymentRequest",
    "ExchangeRequest",
    "GoodsRequest",
    "IdempotencyConflict",
    "Identity",
    "Inquiry",
    "InquiryRequest",
    "Invoice",
    "InvoiceKind",
    "InvoiceRequest",
    "InvoiceState",
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
    "Payment",
    "PaymentState",
    "Pieces",
    "PointsEntry",
    "Policy",
    "PolicyBook",
    "PolicyError",
    "PolicySource",
    "PricePoint",
    "PriceProtectionRequest",
    "Problem",
    "Product",
    "Promise",
    "PromiseBook",
    "PromiseState",
    "ProofRejected",
    "Reason",
    "RedirectRequest",
    "Refund",
    "RefundOnlyRequest",
    "RefundState",
    "Remedy",
    "RepairRequest",
    "Request",
    "RequestRefused",
    "SchemaMismatch",
    "ResendRequest",
    "ReturnAuthorisation",
    "ReturnRequest",
    "ReturnState",
    "Settlement",
    "Shipment",
    "ShipmentStatus",
    "ShopBackend",
    "ShopError",
    "ShopSettings",
    "ShopUnavailable",
    "SqlShop",
    "StepUpRequired",
    "StockNotice",
    "Text",
    "TooManyAttempts",
    "TrackingEvent",
    "Variant",
    "VariantNotFound",
    "Verdict",
    "assess",
    "explain",
    "explain_rule",
    "is_order_number",
    "is_tax_number",
    "load_policies",
    "load_policy",
    "normalise_order_number",
    "normalise_tax_number",
    "open_promises",
    "open_shop",
    "parcels",
    "remedies",
    "returnable",
    "working_day_after",
]


def open_shop(settings: ShopSettings) -> ShopBackend:
    """Open the shop that the settings name: its own system, else its database with our rules.

    Raises:
        PolicyError: the shop's rules cannot be used.
        SchemaMismatch: the database's tables are of another version of the program.
        ShopUnavailable: the database URL cannot be used.
    """
    if settings.api_url:
        return HttpShop(Connection(settings.api_url, settings.api_token))
    engine = open_engine(settings.database_url)
    # A database that is not there may come back; its tables are looked at by whoever starts it.
    with contextlib.suppress(ShopUnavailable):
        schema.check(engine)
    return SqlShop(engine, PolicySource(settings.policy), _utc_now)


def open_promises(settings: ShopSettings) -> PromiseBook:
    """Open the book of promises in the database that the settings name.

    Raises:
        ShopUnavailable: the database URL cannot be used.
    """
    create_folder(settings.database_url)
    return SqlPromiseBook(open_engine(settings.database_url))


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)
