"""Customers, their coupons and their points.

Step 6 of a message's way (act): read inside a transaction of ``shop.sql``.
"""

from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from shop.models import Coupon, Customer, Language, Level, PointsEntry
from shop.sql import rows
from shop.sql import tables as t

# Built once: putting a statement together takes several times as long as executing it.
_CUSTOMER = select(t.customers).where(t.customers.c.id == bindparam("customer_id"))
_COUPONS = (
    select(t.coupons)
    .where(
        t.coupons.c.customer_id == bindparam("customer_id"),
        t.coupons.c.used.is_(False),
        t.coupons.c.valid_until >= bindparam("today"),
    )
    .order_by(t.coupons.c.valid_until, t.coupons.c.code)
)
_POINTS = (
    select(t.points_entries)
    .where(t.points_entries.c.customer_id == bindparam("customer_id"))
    .order_by(t.points_entries.c.at.desc(), t.points_entries.c.id.desc())
    .limit(bindparam("limit"))
)


def read_customer(connection: Connection, customer_id: str) -> Customer | None:
    """Read an account; None when there is no such customer."""
    with rows.decoding():
        row = connection.execute(_CUSTOMER, {"customer_id": customer_id}).one_or_none()
        if row is None:
            return None
        return Customer(
            id=row.id,
            name=row.name,
            language=Language(row.language),
            level=Level(row.level),
            phone=row.phone,
            points=rows.amount(row.points),
        )


def read_coupons(connection: Connection, customer_id: str, today: date) -> list[Coupon]:
    """Read the coupons that can still be used, the next to expire first."""
    with rows.decoding():
        asked = {"customer_id": customer_id, "today": today}
        return [
            Coupon(
                code=row.code,
                title=rows.text(row.title),
                amount_cents=rows.amount(row.amount_cents),
                from_cents=rows.amount(row.from_cents),
                valid_until=row.valid_until,
            )
            for row in connection.execute(_COUPONS, asked)
        ]


def read_points(connection: Connection, customer_id: str, limit: int) -> list[PointsEntry]:
    """Read the latest movements of a customer's points, newest first."""
    with rows.decoding():
        asked = {"customer_id": customer_id, "limit": limit}
        return [
            PointsEntry(
                at=row.at, points=row.points, reason=row.reason, order_number=row.order_number
            )
            for row in connection.execute(_POINTS, asked)
        ]
