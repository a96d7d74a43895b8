"""The memory of what requests have led to, by the key that each came with.

Step 6 of a message's way (act): read and written inside the transaction of ``SqlShop.settle``.
"""

import hashlib
import json
from dataclasses import asdict, fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import bindparam, insert, select
from sqlalchemy.engine import Connection

from shop.errors import IdempotencyConflict
from shop.models import GoodsRequest, Payer, PriceProtectionRequest, Remedy, Request, Settlement
from shop.sql import rows
from shop.sql import tables as t

R = TypeVar("R")

# Built once: putting a statement together takes several times as long as executing it.
_BY_KEY = select(t.settlements).where(
    t.settlements.c.actor == bindparam("actor"),
    t.settlements.c.idempotency_key == bindparam("idempotency_key"),
)


def clean(request: R) -> R:
    """Take out what no database can hold (a NUL, half of a surrogate pair), and sort lines."""
    changed: dict[str, Any] = {}
    for field in fields(request):  # type: ignore[arg-type]
        value = getattr(request, field.name)
        if isinstance(value, str) and not isinstance(value, Enum):
            changed[field.name] = value.encode("utf-8", "replace").decode().replace("\0", "")
        elif is_dataclass(value):
            changed[field.name] = clean(value)
    if isinstance(request, GoodsRequest):
        changed["pieces"] = tuple(sorted(request.pieces))
    if isinstance(request, PriceProtectionRequest):
        changed["line_ids"] = tuple(sorted(set(request.line_ids)))
    return replace(request, **changed)  # type: ignore[type-var]


def digest(number: str, request: Request) -> str:
    """Fingerprint a request about an order; the same for the same request."""
    body = [number, request.remedy.value, asdict(request)]
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def find(
    connection: Connection, actor: str, idempotency_key: str, body_digest: str
) -> Settlement | None:
    """Find what this key has already led to; None when the key is new.

    Raises:
        IdempotencyConflict: the key has been used with another request.
    """
    asked = {"actor": actor, "idempotency_key": idempotency_key}
    row = connection.execute(_BY_KEY, asked).one_or_none()
    if row is None:
        return None
    if row.body_digest != body_digest:
        raise IdempotencyConflict()
    with rows.decoding():
        return _settlement(row)


def enter(
    connection: Connection,
    settlement: Settlement,
    *,
    actor: str,
    idempotency_key: str,
    body_digest: str,
) -> None:
    """Remember what a key has led to."""
    payer = settlement.freight_paid_by
    row = {
        **vars(settlement),
        "actor": actor,
        "idempotency_key": idempotency_key,
        "body_digest": body_digest,
        "remedy": settlement.remedy.value,
        "freight_paid_by": payer and payer.value,
        "rules": list(settlement.rules),
    }
    connection.execute(insert(t.settlements), row)


def _settlement(row: Any) -> Settlement:
    return Settlement(
        number=row.number,
        remedy=Remedy(row.remedy),
        order_number=row.order_number,
        settled_at=row.settled_at,
        due_at=row.due_at,
        refund_cents=rows.amount(row.refund_cents),
        points=rows.amount(row.points),
        coupon_cents=rows.amount(row.coupon_cents),
        freight_paid_by=None if row.freight_paid_by is None else Payer(row.freight_paid_by),
        rules=rows.listed(row.rules, str),
        policy_version=row.policy_version,
    )
