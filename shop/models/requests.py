"""What a shopper may ask the shop to do about an order: one class for each remedy.

Step 6 of a message's way (act): a conversation collects a request, ``shop.rights`` says what may
come of it, ``ShopBackend.settle`` does it. Nothing here proves anything: lines, numbers and texts
come from the shopper.
"""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from shop.models.people import Address

# Line ids and how many pieces of each, sorted by line.
Pieces = tuple[tuple[int, int], ...]


class Remedy(str, Enum):
    """What can be done about an order."""

    RETURN = "return"  # the goods back, the money back
    EXCHANGE = "exchange"  # the goods back, another variant or a whole one instead
    REPAIR = "repair"  # the goods back, mended
    REFUND_ONLY = "refund_only"  # the money back, the goods stay or never came
    RESEND = "resend"  # the goods once more
    CANCEL = "cancel"  # the whole order, before dispatch
    REDIRECT = "redirect"  # another address, phone or recipient, before dispatch
    INQUIRY = "inquiry"  # the carrier has to look for the parcel
    COMPENSATION = "compensation"  # for a delivery past its promise
    PRICE_PROTECTION = "price_protection"  # the difference to a lower price
    INVOICE = "invoice"
    DUPLICATE_PAYMENT = "duplicate_payment"  # what was paid twice


class Reason(str, Enum):
    """Why a shopper sends something back, or wants it settled otherwise."""

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


class Problem(str, Enum):
    """What is the matter with a delivery."""

    LATE = "late"
    STUCK = "stuck"
    LOST = "lost"
    NOT_RECEIVED = "not_received"  # the carrier says that it was signed for
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING = "missing"


class InvoiceKind(str, Enum):
    """To whom an invoice is made out."""

    PERSONAL = "personal"
    COMPANY = "company"


@dataclass(frozen=True)
class GoodsRequest:
    """About pieces of an order; ``opened``: whether the shopper has used them (None: unknown)."""

    remedy: ClassVar[Remedy]
    pieces: Pieces
    reason: Reason
    note: str = ""
    opened: bool | None = None

    @property
    def line_ids(self) -> tuple[int, ...]:
        """The lines concerned."""
        return tuple(line_id for line_id, _ in self.pieces)


class ReturnRequest(GoodsRequest):
    """Goods back, money back."""

    remedy = Remedy.RETURN


@dataclass(frozen=True)
class ExchangeRequest(GoodsRequest):
    """Goods back; ``variant`` is the id of what is sent instead: of one line alone."""

    remedy = Remedy.EXCHANGE
    variant: str = ""


class RepairRequest(GoodsRequest):
    """Goods back to be mended under warranty."""

    remedy = Remedy.REPAIR


class RefundOnlyRequest(GoodsRequest):
    """Money back without goods: missing, lost, or not worth the freight."""

    remedy = Remedy.REFUND_ONLY


class ResendRequest(GoodsRequest):
    """The goods once more: missing, lost, damaged or wrong."""

    remedy = Remedy.RESEND


@dataclass(frozen=True)
class CancelRequest:
    """The whole order, before dispatch."""

    remedy: ClassVar[Remedy] = Remedy.CANCEL
    note: str = ""


@dataclass(frozen=True)
class RedirectRequest:
    """Another address, phone or recipient: the whole address as it shall be."""

    remedy: ClassVar[Remedy] = Remedy.REDIRECT
    address: Address


@dataclass(frozen=True)
class InquiryRequest:
    """A parcel that the carrier has to look for."""

    remedy: ClassVar[Remedy] = Remedy.INQUIRY
    tracking_number: str
    problem: Problem
    note: str = ""


@dataclass(frozen=True)
class CompensationRequest:
    """Something for a delivery past its promise."""

    remedy: ClassVar[Remedy] = Remedy.COMPENSATION


@dataclass(frozen=True)
class PriceProtectionRequest:
    """The difference to a lower price; without lines, of every line that has one."""

    remedy: ClassVar[Remedy] = Remedy.PRICE_PROTECTION
    line_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class InvoiceRequest:
    """An invoice, or another one in place of a wrong one."""

    remedy: ClassVar[Remedy] = Remedy.INVOICE
    kind: InvoiceKind
    title: str
    tax_number: str = ""
    email: str = ""


@dataclass(frozen=True)
class DuplicatePaymentRequest:
    """What was paid twice."""

    remedy: ClassVar[Remedy] = Remedy.DUPLICATE_PAYMENT


Request = (
    ReturnRequest
    | ExchangeRequest
    | RepairRequest
    | RefundOnlyRequest
    | ResendRequest
    | CancelRequest
    | RedirectRequest
    | InquiryRequest
    | CompensationRequest
    | PriceProtectionRequest
    | InvoiceRequest
    | DuplicatePaymentRequest
)
