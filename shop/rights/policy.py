"""The shop's rules at one time, typed.

Step 6 of a message's way (act): ``policy_book`` reads them and knows which were in force when.
Sections that only inform (articles, wording) are in ``policy_sections``.
"""

from datetime import date
from enum import Enum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import root_validator, validator

from shop.models import Payer, Reason
from shop.rights.calendar import Calendar
from shop.rights.policy_sections import (
    AccountRules,
    Count,
    CouponRules,
    MembershipRules,
    PaymentRules,
    PrivacyRules,
    RefundRules,
    Section,
    ServiceRules,
    ShippingRules,
    WarrantyRules,
)

STATUTORY_DAYS = 7
STATUTORY_EXCEPTIONS = frozenset({"custom_made", "perishable", "digital", "newspaper"})


class Law(str, Enum):
    """Whose consumer law sets the least that the rules may grant."""

    CHINA = "china"  # Consumer Rights Protection Law, article 25
    NONE = "none"  # what the shop promises is all there is


class Until(str, Enum):
    """Until when an order can still be changed."""

    DISPATCH = "dispatch"


class ReturnRules(Section):
    """Who may send what back, how long, and who pays the parcel.

    ``excluded_without_reason`` and ``opened_excluded`` are traits of a line; ``agreed`` are those
    that a shopper confirms when buying.
    """

    no_reason_days: Count
    quality_days: Count
    excluded_without_reason: tuple[str, ...]
    agreed: tuple[str, ...]
    opened_excluded: tuple[str, ...]
    rest_days_extend: bool
    freight_no_reason: Payer
    freight_quality: Payer
    freight_insured: str
    pickup_within_hours: Count


class ExchangeRules(Section):
    """How long an item may be exchanged."""

    days: Count


class EvidenceRules(Section):
    """Claims for which somebody looks at a picture first: reasons, and from how much money on."""

    reasons: tuple[Reason, ...]
    from_cents: Count
    without_parcel_from_cents: Count
    perishable_within_days: Count


class WithoutParcelRules(Section):
    """Up to how much is settled without goods coming back."""

    up_to_cents: Count


class ApprovalRules(Section):
    """From how much money on a person decides."""

    from_cents: Count


class DeliveryRules(Section):
    """When a parcel counts as late, stuck or lost, and how soon the shopper hears of it."""

    late_after_days: Count
    stuck_after_hours: Count
    lost_after_days: Count
    inquiry_within_hours: Count
    not_received_within_hours: Count
    not_received_days: Count


class CompensationRules(Section):
    """The coupon for a delivery past its promise."""

    late_days: Count
    coupon_cents: Count
    coupon_from_cents: Count
    coupon_valid_days: Count


class CancellationRules(Section):
    """Until when an order may be cancelled, and when an unpaid one closes."""

    until: Until
    unpaid_closes_after_minutes: Count


class AddressChangeRules(Section):
    """Until when address, phone or recipient may be changed."""

    until: Until


class InvoiceRules(Section):
    """Invoices: kind, the times for sending, asking and reissuing, whose tax numbers."""

    kind: str
    within_hours: Count
    request_within_days: Count
    reissue_times: Count
    tax_number: Law


class PriceProtectionRules(Section):
    """Days in which a price drop is paid back; traits and campaigns that are left out."""

    days: Count
    excluded: tuple[str, ...]


class CategoryRules(Section):
    """What is different for a category of goods."""

    quality_days: Count | None = None
    exchange_days: Count | None = None
    warranty_months: Count | None = None
    evidence_from_cents: Count | None = None


class Policy(Section):
    """All rules of a shop at one time, section by section as in the file."""

    version: date
    effective_from: date
    effective_until: date | None = None
    law: Law
    timezone: str
    calendar: Calendar
    returns: ReturnRules
    exchanges: ExchangeRules
    evidence: EvidenceRules
    refund_only: WithoutParcelRules
    resend: WithoutParcelRules
    approval: ApprovalRules
    refunds: RefundRules
    shipping: ShippingRules
    delivery: DeliveryRules
    compensation: CompensationRules
    cancellation: CancellationRules
    address_change: AddressChangeRules
    invoices: InvoiceRules
    price_protection: PriceProtectionRules
    coupons: CouponRules
    membership: MembershipRules
    warranty: WarrantyRules
    categories: dict[str, CategoryRules]
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

    @root_validator(skip_on_failure=True)
    def _grants_what_the_law_grants(
        cls: type["Policy"], values: dict[str, object]
    ) -> dict[str, object]:
        if values["law"] is Law.CHINA:
            returns, categories = values["returns"], values["categories"]
            assert isinstance(returns, ReturnRules) and isinstance(categories, dict)
            complaints = below_the_law(returns, categories)
            if complaints:
                raise ValueError("; ".join(complaints))
        return values

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the shop counts its days."""
        return ZoneInfo(self.timezone)

    def quality_days(self, category: str) -> int:
        """Days in which the shop answers for a defect."""
        own = self.categories.get(category, CategoryRules()).quality_days
        return self.returns.quality_days if own is None else own

    def exchange_days(self, category: str) -> int:
        """Days in which goods of a category may be exchanged."""
        own = self.categories.get(category, CategoryRules()).exchange_days
        return self.exchanges.days if own is None else own

    def evidence_from_cents(self, category: str) -> int:
        """From how much money on a claim needs a picture though the parcel comes back."""
        own = self.categories.get(category, CategoryRules()).evidence_from_cents
        return self.evidence.from_cents if own is None else own

    def warranty_months(self, category: str) -> int:
        """Months of warranty; 0 where there is none."""
        own = self.categories.get(category, CategoryRules()).warranty_months
        months = {
            "electronics": self.warranty.electronics_months,
            "appliances": self.warranty.appliances_months,
        }
        return months.get(category, 0) if own is None else own


def below_the_law(returns: ReturnRules, categories: dict[str, CategoryRules]) -> list[str]:
    """List what falls below article 25 of China's Consumer Rights Protection Law."""
    complaints = []
    if returns.no_reason_days < STATUTORY_DAYS:
        complaints.append(f"returns.no_reason_days: the law grants {STATUTORY_DAYS} days")
    beyond = set(returns.excluded_without_reason) - STATUTORY_EXCEPTIONS - set(returns.agreed)
    if beyond:
        complaints.append(
            f"returns.excluded_without_reason: {', '.join(sorted(beyond))} is no exception of the"
            " law's; what a shopper confirms when buying belongs to returns.agreed too"
        )
    if set(returns.opened_excluded) - set(returns.agreed):
        complaints.append("returns.opened_excluded: has to be agreed (returns.agreed) as well")
    # A defect within the seven days can be sent back in any case: no period may end before them.
    short = {"returns": returns.quality_days} | {
        f"categories.{name}": rules.quality_days
        for name, rules in categories.items()
        if rules.quality_days is not None
    }
    for section, days in short.items():
        if days < STATUTORY_DAYS:
            complaints.append(f"{section}.quality_days: the law grants {STATUTORY_DAYS} days")
    if not returns.rest_days_extend:
        complaints.append("returns.rest_days_extend: no period ends on a rest day by law")
    if returns.freight_quality is not Payer.SHOP:
        complaints.append("returns.freight_quality: the law has the shop pay for what is defective")
    return complaints
