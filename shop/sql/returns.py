"""The book of opened returns: written once per key, read per order.

Step 6 of a message's way (act): called inside a transaction of ``shop.sql``, which has
checked whose the order is and what the rules say.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection

from shop.sql import tables as t
from shop.errors import IdempotencyConflict
from shop.models import Order, Payer, ReturnAuthorisation, Reason

# Columns of the book that bear the names of an authorisation's own fields.
_COPIED = (
    "rma_number",
    "order_number",
    "reason",
    "note",
    "opened_at",
    "refund_cents",
    "freight_paid_by",
)

# Built once: putting a statement together takes several times as long as executing it.
_BY_KEY = select(t.returns).where(
    t.returns.c.actor == bindparam("actor"),
    t.returns.c.idempotency_key == bindparam("idempotency_key"),
)
_BY_ORDER = (
    select(t.returns)
    .where(t.returns.c.order_number == bindparam("number"))
    .order_by(t.returns.c.opened_at.desc(), t.returns.c.rma_number)
)
_LINE_IDS = (
    select(t.return_lines.c.line_id)
    .where(t.return_lines.c.rma_number == bindparam("rma_number"))
    .order_by(t.return_lines.c.line_id)
)


def digest_body(number: str, line_ids: Sequence[int], reason: str, note: str) -> str:
    """Fingerprint a request, the same for the same lines in any order."""
    body = json.dumps([number, sorted(set(line_ids)), reason, note], ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()


def find_by_key(
    connection: Connection, actor: str, idempotency_key: str, body_digest: str
) -> ReturnAuthorisation | None:
    """Find what this key has already opened; None when the key is new.

    Raises:
        IdempotencyConflict: the key has been used with another body.
    """
    asked = {"actor": actor, "idempotency_key": idempotency_key}
    row = connection.execute(_BY_KEY, asked).one_or_none()
    if row is None:
        return None
    if row.body_digest != body_digest:
        raise IdempotencyConflict()
    return _authorisation(connection, row)


def find_by_order(connection: Connection, number: str) -> list[ReturnAuthorisation]:
    """List what has been opened for an order, newest first."""
    rows = connection.execute(_BY_ORDER, {"number": number}).all()
    return [_authorisation(connection, row) for row in rows]


def enter(
    connection: Connection,
    order: Order,
    authorisation: ReturnAuthorisation,
    *,
    actor: str,
    idempotency_key: str,
    body_digest: str,
) -> None:
    """Write an authorisation and mark its lines as returned."""
    row = {
        **{column: getattr(authorisation, column) for column in _COPIED},
        "actor": actor,
        "idempotency_key": idempotency_key,
        "body_digest": body_digest,
    }
    connection.execute(insert(t.returns), row)
    left = {line.id: line.left_quantity for line in order.lines}
    line_rows = [
        {"rma_number": authorisation.rma_number, "line_id": line_id, "quantity": left[line_id]}
        for line_id in authorisation.line_ids
    ]
    connection.execute(insert(t.return_lines), line_rows)
    lines = t.order_lines
    chosen = lines.c.id.in_(authorisation.line_ids)
    connection.execute(update(lines).where(chosen).values(returned_quantity=lines.c.quantity))


def _authorisation(connection: Connection, row: Any) -> ReturnAuthorisation:
    line_ids = connection.execute(_LINE_IDS, {"rma_number": row.rma_number}).scalars()
    return ReturnAuthorisation(
        rma_number=row.rma_number,
        order_number=row.order_number,
        line_ids=tuple(line_ids),
        reason=Reason(row.reason),
        note=row.note,
        opened_at=row.opened_at,
        refund_cents=row.refund_cents,
        freight_paid_by=Payer(row.freight_paid_by),
    )
