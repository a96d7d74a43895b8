"""How far the next level is, and which points run out first."""

from datetime import date, datetime, timezone
from typing import Any

import pytest

from shop import Level, Order, OrderStatus, PointsEntry, load_policy
from shop.rights.membership import Expiry, NextLevel, next_expiry, next_level

POLICY = load_policy()
MOMENT = datetime(2026, 3, 1, 4, tzinfo=timezone.utc)


def order(cents: int, status: OrderStatus = OrderStatus.DELIVERED) -> Order:
    return Order("XE20260001", "C1001", status, MOMENT, None, cents, ())


def entry(points: int, month: int, day: int = 1, hour: int = 4) -> PointsEntry:
    return PointsEntry(datetime(2026, month, day, hour, tzinfo=timezone.utc), points, "order")


@pytest.mark.parametrize(
    ("level", "orders", "above"),
    [
        (Level.STANDARD, [], NextLevel(Level.SILVER, 100_000)),
        (Level.STANDARD, [order(30_000), order(20_000)], NextLevel(Level.SILVER, 50_000)),
        (Level.STANDARD, [order(100_000)], NextLevel(Level.SILVER, 0)),
        (Level.SILVER, [order(120_050)], NextLevel(Level.GOLD, 379_950)),
        (Level.GOLD, [order(900_000)], None),
    ],
)
def test_the_next_level_is_as_far_as_is_left_to_spend(
    level: Level, orders: Any, above: Any
) -> None:
    assert next_level(level, orders, POLICY) == above


@pytest.mark.parametrize(
    "status",
    [OrderStatus.UNPAID, OrderStatus.CANCELLED, OrderStatus.REFUNDING, OrderStatus.REFUNDED],
)
def test_what_was_not_kept_does_not_count(status: OrderStatus) -> None:
    above = next_level(Level.STANDARD, [order(99_900, status)], POLICY)
    assert above == NextLevel(Level.SILVER, 100_000)


@pytest.mark.parametrize(
    ("balance", "entries", "expiry"),
    [
        (0, [], None),
        (300, [entry(200, 5), entry(100, 3)], Expiry(100, date(2027, 3, 1))),
        # The oldest were used first.
        (250, [entry(-50, 6), entry(200, 5), entry(100, 3)], Expiry(50, date(2027, 3, 1))),
        (200, [entry(-100, 6), entry(200, 5), entry(100, 3)], Expiry(200, date(2027, 5, 1))),
        # More than is on record.
        (900, [entry(200, 5), entry(100, 3)], None),
        # The day is the shop's.
        (100, [entry(100, 3, 31, hour=20)], Expiry(100, date(2027, 4, 1))),
    ],
)
def test_the_oldest_points_expire_first(balance: int, entries: Any, expiry: Any) -> None:
    assert next_expiry(balance, entries, POLICY) == expiry
