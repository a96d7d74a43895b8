"""Coupons and points of the demo shop's customers.

Beside the way of a message: ``demo.till`` asks what an order is paid with beside money.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from shop.demo.people import KNOWN
from shop.models import Coupon, PointsEntry
from shop.rights import Policy

_WELCOME = {"zh": "新人优惠券", "en": "Welcome coupon"}
_BIRTHDAY = {"zh": "生日优惠券", "en": "Birthday coupon"}
_MONTH = timedelta(days=30)


@dataclass(frozen=True)
class OwnedCoupon:
    """A coupon, whose it is, and the order that it was used for."""

    coupon: Coupon
    customer_id: str
    order_number: str | None = None


class Purses:
    """Keeps what each customer has; entries of points add up to what is left of them."""

    def __init__(self, policy: Policy, today: date) -> None:
        self._policy = policy
        self._today = today
        self._points_from = today - _MONTH * policy.membership.points_valid_months
        self._entries: dict[str, list[PointsEntry]] = defaultdict(list)
        self.coupons: list[OwnedCoupon] = []
        for person in KNOWN:
            self._give(person.id, "W", _WELCOME, policy.coupons.newcomer_cents, -5)
            self._give(person.id, "B", _BIRTHDAY, policy.membership.birthday_coupon_cents, 20)

    def points(self, customer_id: str) -> int:
        """Points that a customer has left."""
        return sum(entry.points for entry in self._entries[customer_id])

    @property
    def entries(self) -> list[tuple[str, PointsEntry]]:
        """All movements of points with whose they are."""
        return [(customer, entry) for customer, each in self._entries.items() for entry in each]

    def use_coupon(self, customer_id: str, number: str, placed_on: date, goods_cents: int) -> int:
        """Use a coupon for an order that is worth four times as much; gives its worth in fen."""
        cents = int(self._policy.coupons.newcomer_cents)
        if int(number[2:]) % 9 or goods_cents < cents * 4:
            return 0
        coupon = Coupon(
            code=f"CP{number[2:]}",
            title=_WELCOME,
            amount_cents=cents,
            from_cents=0,
            valid_until=placed_on + timedelta(days=self._policy.coupons.newcomer_valid_days),
            used=True,
        )
        self.coupons.append(OwnedCoupon(coupon, customer_id, number))
        return cents

    def use_points(self, customer_id: str, number: str, at: datetime, goods_cents: int) -> int:
        """Pay with points in hundreds, for at most half of the goods; gives the points."""
        worth = int(self._policy.membership.yuan_per_100_points) * 100
        hundreds = min(self.points(customer_id) // 100, goods_cents // 2 // worth)
        if int(number[2:]) % 11 or hundreds <= 0 or at.date() < self._points_from:
            return 0
        self._move(customer_id, at, -hundreds * 100, "used", number)
        return hundreds * 100

    def earn(self, customer_id: str, number: str, at: datetime, cents: int) -> None:
        """Credit the points for an order that was delivered and has not been too long ago."""
        points = cents // 100 * int(self._policy.membership.points_per_yuan)
        if at.date() >= self._points_from and points:
            self._move(customer_id, at, points, "order", number)

    def _move(self, customer_id: str, at: datetime, points: int, reason: str, number: str) -> None:
        entry = PointsEntry(at.astimezone(timezone.utc), points, reason, number)
        self._entries[customer_id].append(entry)

    def _give(
        self, customer_id: str, kind: str, title: dict[str, str], cents: int, days: int
    ) -> None:
        valid_until = self._today + timedelta(days=days)
        code = f"CP{kind}{customer_id[1:]}"
        coupon = Coupon(code, title, cents, from_cents=cents * 4, valid_until=valid_until)
        self.coupons.append(OwnedCoupon(coupon, customer_id))
