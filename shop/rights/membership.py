"""What a customer has come to: how far the next level is, and when points run out.

Step 6 of a message's way (act): pure functions over what the shop has on record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shop.models import Level, Order, OrderStatus, PointsEntry
from shop.rights.calendar import months_after
from shop.rights.policy import Policy

_BOUGHT = (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.DELIVERED)


@dataclass(frozen=True)
class NextLevel:
    """The level above, and the fen still to be spent for it; 0 when enough has been."""

    level: Level
    missing_cents: int


def next_level(level: Level, orders: Iterable[Order], policy: Policy) -> NextLevel | None:
    """Say how far the next level is for somebody with these orders; None at the top."""
    rules = policy.membership
    above = {
        Level.STANDARD: (Level.SILVER, rules.silver_from_cents),
        Level.SILVER: (Level.GOLD, rules.gold_from_cents),
    }
    if level not in above:
        return None
    target, from_cents = above[level]
    spent = sum(order.total_cents for order in orders if order.status in _BOUGHT)
    return NextLevel(target, max(0, int(from_cents) - spent))


@dataclass(frozen=True)
class Expiry:
    """Points that can be used until a day, and not after it."""

    points: int
    on: date


def next_expiry(balance: int, entries: Iterable[PointsEntry], policy: Policy) -> Expiry | None:
    """Say which points expire next; the oldest are used first.

    ``entries`` are newest first. None when nothing is left, or they do not reach back far enough.
    """
    left = balance
    for entry in entries:
        if entry.points <= 0 or left <= 0:
            continue
        if left <= entry.points:
            day = entry.at.astimezone(policy.zone).date()
            return Expiry(left, months_after(day, policy.membership.points_valid_months))
        left -= entry.points
    return None
