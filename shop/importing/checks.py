"""What can only be seen with all rows together: duplicates, references, sums.

Questions to the database about the staged files; each answer is a line and what is the matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Table, and_, cast, exists, func, literal, not_, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ColumnElement, Select

from shop.importing.columns import FileColumn, FileFormat, file_formats
from shop.importing.findings import SHOWN, Findings
from shop.importing.parcels import check_parcels
from shop.importing.staging import Staged
from shop.models import OrderStatus

_ADDRESS = ("recipient", "phone", "region", "city", "detail")
_WHOLE_ADDRESS = "an address needs all of recipient, phone, region, city and detail"


@dataclass(frozen=True)
class Check:
    """A question: rows of (line, value to show or None); ``text`` may hold ``{}`` for the value."""

    text: str
    query: Select
    column: str | None = None


def check_rows(
    connection: Connection, staged: Sequence[Staged], findings: Findings, *, replace: bool
) -> None:
    """Look for errors in the staged rows, against each other and against the shop's."""
    by_name = {each.format.name: each for each in staged}
    # What refers to a file with errors may refer to a row that only could not be read.
    unsure = {each.format.name for each in staged if each.name in findings.files_with_errors}
    for each in staged:
        checks = [*_of_keys(each, replace=replace), *_of_file(each)]
        for column in each.format.columns:
            if column.references and column.references[0] not in unsure:
                checks.append(_of_reference(each, column, by_name))
        for check in checks:
            _ask(connection, each, check, findings)
    if "shipments" in by_name and "lines" not in unsure:
        check_parcels(connection, by_name["shipments"], by_name.get("lines"), findings)


def warn_of_totals(
    connection: Connection,
    orders: Staged,
    lines: Staged,
    findings: Findings,
    *,
    largest_discount_percent: int,
) -> None:
    """Warn of orders whose lines, freight, coupon and points cannot make up the total.

    A member's discount may make it less; a hundred points are worth a yuan; gifts cost nothing.
    """
    line, order = lines.table.c, orders.table.c
    price = cast(line.quantity, BigInteger) * line.unit_price_cents
    goods = (
        select(line.order_number, func.sum(price).label("cents"))
        .where(line.gift_with.is_(None))
        .group_by(line.order_number)
        .subquery()
    )
    most = goods.c.cents + order.freight_cents - order.coupon_cents - order.points_used
    least = most - goods.c.cents * largest_discount_percent / 100 - 100
    query = (
        select(order.file_line, order.number)
        .join_from(orders.table, goods, goods.c.order_number == order.number)
        .where(or_(order.total_cents > most + 100, order.total_cents < least))
    )
    found, count = _answers(connection, query)
    for file_line, number in found:
        text = f"order {number}: its lines do not add up to its total"
        findings.warning(orders.name, text, line=file_line)
    findings.count_more(warnings=count - len(found))


def _ask(connection: Connection, staged: Staged, check: Check, findings: Findings) -> None:
    found, count = _answers(connection, check.query)
    column = None if check.column is None else staged.headers.get(check.column, check.column)
    for line, value in found:
        findings.error(staged.name, check.text.format(value), line=line, column=column)
    findings.count_more(errors=count - len(found))


def _answers(connection: Connection, query: Select) -> tuple[list[tuple[int, str]], int]:
    line = query.selected_columns.file_line
    found = connection.execute(query.order_by(line).limit(SHOWN)).all()
    if len(found) < SHOWN:
        return found, len(found)
    return found, connection.execute(select(func.count()).select_from(query.subquery())).scalar()


def _of_keys(staged: Staged, *, replace: bool) -> list[Check]:
    if staged.format.belongs_to:
        return [] if replace else [_parent_has_rows(staged, staged.format.belongs_to)]
    checks = [_twice_in_file(staged)]
    if not replace:
        checks.append(_already_there(staged))
    elif staged.format.owner:
        checks.append(_of_another_owner(staged, staged.format.owner))
    return checks


def _shown_key(staged: Staged) -> ColumnElement:
    return staged.table.c[staged.format.key[0]].label("value")


def _twice_in_file(staged: Staged) -> Check:
    line = staged.table.c
    key = [line[name] for name in staged.format.key]
    # Grouped once: asked row by row, PostgreSQL would go through the table for each.
    several = select(*key, func.min(line.file_line).label("value")).group_by(*key)
    first = several.having(func.count() > 1).subquery()
    same = [first.c[name] == line[name] for name in staged.format.key]
    query = select(line.file_line, first.c.value).where(*same, line.file_line > first.c.value)
    names = ", ".join(staged.format.key)
    return Check(f"the same {names} is already in line {{}}", query, names)


def _same_key(staged: Staged) -> ColumnElement:
    table = staged.format.table
    return and_(*(table.c[name] == staged.table.c[name] for name in staged.format.key))


def _already_there(staged: Staged) -> Check:
    query = select(staged.table.c.file_line, _shown_key(staged)).where(
        exists().where(_same_key(staged))
    )
    text = "{} is already in the shop; to update it, add --replace"
    return Check(text, query, staged.format.key[0])


def _of_another_owner(staged: Staged, owner: str) -> Check:
    table = staged.format.table
    query = select(staged.table.c.file_line, _shown_key(staged)).where(
        exists().where(_same_key(staged), table.c[owner] != staged.table.c[owner])
    )
    return Check(f"{{}} is already in the shop with another {owner}", query, owner)


def _parent_has_rows(staged: Staged, parent: str) -> Check:
    line = staged.table.c
    query = select(func.min(line.file_line).label("file_line"), line[parent].label("value"))
    there = exists().where(staged.format.table.c[parent] == line[parent])
    query = query.where(there).group_by(line[parent])
    text = "{} has such rows in the shop already; to put these in their place, add --replace"
    return Check(text, query, parent)


def _of_reference(staged: Staged, column: FileColumn, by_name: dict[str, Staged]) -> Check:
    assert column.references is not None
    name, target = column.references
    value = staged.table.c[column.target]
    parent: FileFormat = next(each for each in file_formats() if each.name == name)
    lost = [not_(exists().where(parent.table.c[target] == value))]
    if name in by_name:
        # A copy, for a row may refer to another one of its own file.
        rows = by_name[name].table.alias()
        lost.append(not_(exists().where(rows.c[target] == value)))
    query = select(staged.table.c.file_line, value.label("value")).where(value.is_not(None), *lost)
    text = f"{{}} is not among the {name}, neither in the files nor in the shop"
    return Check(text, query, column.name)


def _of_file(staged: Staged) -> list[Check]:
    rules = {"orders": _of_orders, "lines": _of_lines}.get(staged.format.name)
    none = literal(None).label("value")
    return [
        Check(text, select(staged.table.c.file_line, none).where(rule), column)
        for text, column, rule in (rules(staged.table) if rules else ())
    ]


def _of_orders(rows: Table) -> list[tuple[str, str | None, ColumnElement]]:
    order = rows.c
    delivered = order.status == OrderStatus.DELIVERED.value
    given = [order[name].is_not(None) for name in _ADDRESS]
    missing = and_(delivered, order.delivered_at.is_(None))
    return [
        ("is empty, but the order is delivered", "delivered_at", missing),
        ("is before placed_at", "delivered_at", order.delivered_at < order.placed_at),
        (_WHOLE_ADDRESS, None, and_(or_(*given), not_(and_(*given)))),
    ]


def _of_lines(rows: Table) -> list[tuple[str, str | None, ColumnElement]]:
    line, other = rows.c, rows.alias()
    elsewhere = exists().where(
        other.c.id == line.gift_with, other.c.order_number != line.order_number
    )
    return [
        ("is more than was bought", "returned_quantity", line.returned_quantity > line.quantity),
        ("is a line of another order", "gift_with", elsewhere),
    ]
