"""Somebody proves that an order is theirs: number, last four digits, a limit on guessing.

Step 6 of a message's way (act): called inside a writing transaction of ``shop.sql``. Ten
thousand combinations are few, hence the lock-out; and a number that does not exist must not
be told from wrong digits, hence the same work and the same answer for both.
"""

import hmac
import math
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.engine import Connection

from shop.errors import ProofRejected, TooManyAttempts
from shop.models import Identity
from shop.sql import tables as t

PROOF_LASTS = timedelta(minutes=30)
STEP_UP_LASTS = timedelta(minutes=10)
FAILURES_COUNT_FOR = timedelta(minutes=30)
FAILURES_ALLOWED = 5
# Many honest shoppers may share an address: a company, a school, a mobile network.
FAILURES_ALLOWED_FROM_ONE_ORIGIN = 30

# Compared with when there is no order or no usable phone; never equal to four digits.
_NOBODY = "----"

Refusal = ProofRejected | TooManyAttempts

_PHONE = (
    select(func.coalesce(t.orders.c.phone, t.customers.c.phone).label("phone"), t.customers.c.id)
    .join(t.customers, t.orders.c.customer_id == t.customers.c.id)
    .where(t.orders.c.number == bindparam("number"))
)
_PROVEN = select(t.order_proofs.c.proven_at).where(
    t.order_proofs.c.actor == bindparam("actor"),
    t.order_proofs.c.order_number == bindparam("number"),
    t.order_proofs.c.proven_at > bindparam("since"),
)


def lock_names(identity: Identity, number: str) -> list[str]:
    """Name what attempts have to wait for each other for."""
    names = [f"proof order:{number}", f"proof {identity.actor}"]
    return [*names, f"proof origin:{identity.origin}"] if identity.origin else names


def attempt_proof(
    connection: Connection, identity: Identity, number: str, digits: str, *, now: datetime
) -> Refusal | None:
    """Try to prove an order; None when it is proven from now on.

    The refusal is returned, not raised: raising would undo the record of the failure.
    """
    _forget_old(connection, now)
    counts = _failures(connection, identity, number)
    matches = _digits_match(connection, identity, number, digits)
    left = min(allowed - len(failures) for failures, allowed in counts)
    if left <= 0:
        return TooManyAttempts(max(_wait(*count, now) for count in counts))
    if matches:
        _record_proof(connection, identity, number, now)
        return None
    failure = {"actor": identity.actor, "order_number": number, "origin": identity.origin}
    connection.execute(insert(t.proof_failures), {**failure, "failed_at": now})
    return ProofRejected(left - 1)


def is_proven(connection: Connection, identity: Identity, number: str, *, since: datetime) -> bool:
    """Tell whether this asker has proven this order after that moment."""
    asked = {"actor": identity.actor, "number": number, "since": since}
    return connection.execute(_PROVEN, asked).first() is not None


def _digits_match(connection: Connection, identity: Identity, number: str, digits: str) -> bool:
    row = connection.execute(_PHONE, {"number": number}).one_or_none()
    foreign = row is None or identity.customer_id not in (None, row.id)
    phone = "" if foreign else row.phone
    expected = phone[-4:] if len(phone) >= 4 else _NOBODY
    given = "".join(char for char in unicodedata.normalize("NFKC", digits) if char in "0123456789")
    return hmac.compare_digest(expected.encode(), given.encode())


def _record_proof(connection: Connection, identity: Identity, number: str, now: datetime) -> None:
    proofs = t.order_proofs
    mine = (proofs.c.actor == identity.actor) & (proofs.c.order_number == number)
    connection.execute(delete(proofs).where(mine))
    proof = {"actor": identity.actor, "order_number": number, "proven_at": now}
    connection.execute(insert(proofs), proof)


def _forget_old(connection: Connection, now: datetime) -> None:
    failures, proofs = t.proof_failures, t.order_proofs
    connection.execute(delete(failures).where(failures.c.failed_at <= now - FAILURES_COUNT_FOR))
    connection.execute(delete(proofs).where(proofs.c.proven_at <= now - PROOF_LASTS))


def _failures(
    connection: Connection, identity: Identity, number: str
) -> list[tuple[list[datetime], int]]:
    """List the failures that count, oldest first, each list with how many are allowed."""
    columns = t.proof_failures.c
    conditions = [
        (columns.order_number == number, FAILURES_ALLOWED),
        (columns.actor == identity.actor, FAILURES_ALLOWED),
    ]
    if identity.origin:
        conditions.append((columns.origin == identity.origin, FAILURES_ALLOWED_FROM_ONE_ORIGIN))
    return [(_moments(connection, condition), allowed) for condition, allowed in conditions]


def _moments(connection: Connection, condition: Any) -> list[datetime]:
    query = select(t.proof_failures.c.failed_at).where(condition)
    return list(connection.execute(query.order_by(t.proof_failures.c.failed_at)).scalars())


def _wait(failures: list[datetime], allowed: int, now: datetime) -> int:
    """Say in how many seconds fewer than the allowed failures will count."""
    if len(failures) < allowed:
        return 0
    free_at = failures[-allowed] + FAILURES_COUNT_FOR
    return max(1, math.ceil((free_at - now).total_seconds()))
