"""Coupons: given back with an order that is called off, or given for what went wrong.

Step 6 of a message's way (act): used by the effects of requests (``shop.sql.settling``).
"""

from datetime import date, timedelta

from sqlalchemy import insert, update

from shop.models import Text
from shop.sql import tables as t
from shop.sql.case import Case

_GIVEN_BACK = {"zh": "退回的优惠券", "en": "Coupon returned to you"}


def give_back(case: Case) -> None:
    """Make the coupon that the order was paid with usable again.

    It runs out when it says so; where it is not known, a new one of the same worth takes its place.
    """
    used = t.coupons.c.order_number == case.order.number
    freed = {"used": False, "order_number": None}
    if case.connection.execute(update(t.coupons).where(used).values(**freed)).rowcount:
        return
    days = timedelta(days=case.policy.coupons.newcomer_valid_days)
    issue(case, _GIVEN_BACK, from_cents=0, valid_until=case.today + days)


def issue(case: Case, title: Text, *, from_cents: int, valid_until: date) -> str:
    """Give the customer a new coupon of what the verdict grants; returns its code."""
    code = case.new_number("CP")
    row = {
        "code": code,
        "customer_id": case.order.customer_id,
        "title": title,
        "amount_cents": case.verdict.coupon_cents,
        "from_cents": from_cents,
        "valid_until": valid_until,
        "used": False,
    }
    case.connection.execute(insert(t.coupons), row)
    return code
