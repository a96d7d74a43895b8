"""The shop's rules, read from ``policy.yml`` and typed.

Step 6 of a message's way (act): loaded once per process and passed to whatever decides. A
key that is missing, misspelt or of the wrong kind stops the start, not a conversation.
"""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BaseModel, ConstrainedInt, ValidationError, validator

from shop.errors import PolicyError
from shop.models import Payer

POLICY_FILE = Path(__file__).resolve().parent.parent / "policy.yml"


class Count(ConstrainedInt):
    """A whole number, zero or more: days, hours, fen. ``"7"`` and ``7.0`` are refused."""

    strict = True
    ge = 0


class _Section(BaseModel):
    class Config:
        allow_mutation = False
        extra = "forbid"


class ReturnRules(_Section):
    """Who may send what back, how long, and who pays the parcel."""

    no_reason_days: Count
    quality_days: Count
    excluded_without_reason: tuple[str, ...]
    freight_no_reason: Payer
    freight_quality: Payer
    pickup_within_hours: Count


class ExchangeRules(_Section):
    """How long an item may be exchanged."""

    days: Count


class RefundRules(_Section):
    """Working days a refund takes, after the parcel has been checked."""

    inspection_days: Count
    wallet_days: Count
    card_days: Count


class ShippingRules(_Section):
    """Fees in fen, delivery times in days as (fastest, slowest)."""

    free_from_cents: Count
    fee_cents: Count
    remote_fee_cents: Count
    remote_areas: tuple[str, ...]
    dispatch_within_hours: Count
    carriers: tuple[str, ...]
    days_typical: tuple[Count, Count]
    days_remote: tuple[Count, Count]
    hong_kong_macau_taiwan_fee_cents: Count
    hong_kong_macau_taiwan_days: tuple[Count, Count]


class CancellationRules(_Section):
    """Until when an order may be cancelled, and when an unpaid one closes."""

    until: str
    unpaid_closes_after_minutes: Count


class AddressChangeRules(_Section):
    """Until when address, phone or recipient may be changed."""

    until: str


class InvoiceRules(_Section):
    """Invoices: kind, and the times for sending, asking and reissuing."""

    kind: str
    within_hours: Count
    request_within_days: Count
    reissue_times: Count


class PriceProtectionRules(_Section):
    """Days in which a price drop is paid back, and what is left out."""

    days: Count
    excluded: tuple[str, ...]


class CouponRules(_Section):
    """How coupons are used and given back."""

    per_order: Count
    with_member_discount: bool
    back_after_cancel: bool
    newcomer_cents: Count
    newcomer_valid_days: Count


class MembershipRules(_Section):
    """Points, levels (fen spent) and what a level gives."""

    points_per_yuan: Count
    yuan_per_100_points: Count
    points_valid_months: Count
    silver_from_cents: Count
    gold_from_cents: Count
    silver_discount_percent: Count
    gold_discount_percent: Count
    birthday_coupon_cents: Count


class WarrantyRules(_Section):
    """Guarantee by category, and how long a repair takes."""

    electronics_months: Count
    appliances_months: Count
    repair_working_days: Count


class PaymentRules(_Section):
    """Ways to pay and instalments."""

    methods: tuple[str, ...]
    instalments_from_cents: Count
    instalment_counts: tuple[Count, ...]


class AccountRules(_Section):
    """Closing an account and the life of a login code."""

    closure_days: Count
    code_valid_minutes: Count


class PrivacyRules(_Section):
    """How long chats and orders are kept."""

    chat_kept_days: Count
    orders_kept_years: Count


class ServiceRules(_Section):
    """When people answer, as (opening, closing) in the shop's time zone."""

    people_hours: tuple[str, str]


class Policy(_Section):
    """All rules of a shop, section by section as in the file."""

    version: date
    effective_from: date
    timezone: str
    returns: ReturnRules
    exchanges: ExchangeRules
    refunds: RefundRules
    shipping: ShippingRules
    cancellation: CancellationRules
    address_change: AddressChangeRules
    invoices: InvoiceRules
    price_protection: PriceProtectionRules
    coupons: CouponRules
    membership: MembershipRules
    warranty: WarrantyRules
    payment: PaymentRules
    account: AccountRules
    privacy: PrivacyRules
    service: ServiceRules

    @validator("timezone")
    def _zone_exists(cls: type["Policy"], name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no time zone is called {name!r}") from error
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the shop counts its days."""
        return ZoneInfo(self.timezone)


def load_policy(path: Path = POLICY_FILE) -> Policy:
    """Read the shop's rules.

    Raises:
        PolicyError: the file is missing or not YAML, or a key is missing, unknown or of the
            wrong kind; the message names the file and every such key.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PolicyError(f"{path}: cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise PolicyError(f"{path}: should hold sections such as 'returns:'")
    try:
        return Policy.parse_obj(content)
    except ValidationError as error:
        raise PolicyError(f"{path}: {'; '.join(_complaints(error))}") from error


def _complaints(error: ValidationError) -> list[str]:
    return [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
