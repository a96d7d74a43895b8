"""What the policy's sections are made of, and those that only inform.

Step 6 of a message's way (act): see ``shop.rights.policy``.
"""

from pydantic import BaseModel, ConstrainedInt


class Count(ConstrainedInt):
    """A whole number, zero or more: days, hours, fen. ``"7"`` and ``7.0`` are refused."""

    strict = True
    ge = 0


class Section(BaseModel, extra="forbid", allow_mutation=False):
    """A part of the policy; unknown keys are refused, and nothing changes once it is read."""


class RefundRules(Section):
    """Working days a refund takes, after the parcel has been checked."""

    inspection_days: Count
    wallet_days: Count
    card_days: Count


class ShippingRules(Section):
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


class CouponRules(Section):
    """How coupons are used and given back."""

    per_order: Count
    with_member_discount: bool
    back_after_cancel: bool
    newcomer_cents: Count
    newcomer_valid_days: Count


class MembershipRules(Section):
    """Points, levels (fen spent) and what a level gives."""

    points_per_yuan: Count
    yuan_per_100_points: Count
    points_valid_months: Count
    silver_from_cents: Count
    gold_from_cents: Count
    silver_discount_percent: Count
    gold_discount_percent: Count
    birthday_coupon_cents: Count


class WarrantyRules(Section):
    """Guarantee by category, and how long a repair takes."""

    electronics_months: Count
    appliances_months: Count
    repair_working_days: Count


class PaymentRules(Section):
    """Ways to pay and instalments."""

    methods: tuple[str, ...]
    instalments_from_cents: Count
    instalment_counts: tuple[Count, ...]


class AccountRules(Section):
    """Closing an account and the life of a login code."""

    closure_days: Count
    code_valid_minutes: Count


class PrivacyRules(Section):
    """How long chats and orders are kept."""

    chat_kept_days: Count
    orders_kept_years: Count


class ServiceRules(Section):
    """When people answer, as (opening, closing) in the shop's time zone."""

    people_hours: tuple[str, str]
