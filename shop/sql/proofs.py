"""A guest proves that an order is theirs: number, last four digits, a limit on guessing.

Step 6 of a message's way (act): called inside a writing transaction of ``shop.sql``. Ten
thousand combinations are few, hence the lock-out; and a number that does not exist must not
be told from wrong digits, hence the same work and the same answer for both.
"""

import hmac
import math
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from shop.sql import tables as t
from shop.errors import ProofRejected, TooManyAttempts

PROOF_LASTS = timedelta(minutes=30)
FAILURES_COUNT_FOR = timedelta(minutes=30)
FAILURES_ALLOWED = 5

# Compared with when there is no order or no usable phone; never equal to four digits.
_NOBODY = "----"

Refusal = ProofRejected | TooManyAttempts


def attempt_proof(
    connection: Connection, visitor_id: str, number: str, digits: str, *, now: datetime
) -> Refusal | None:
    """Try to prove an order; None when it is proven from now on.

    The refusal is returned, not raised: raising would undo the record of the failure.
    """
    _forget_old(connection, now)
    of_order = _failures(connection, t.proof_failures.c.order_number == number)
    of_visitor = _failures(connection, t.proof_failures.c.visitor_id == visitor_id)
    matches = _digits_match(connection, number, digits)
    if max(len(of_order), len(of_visitor)) >= FAILURES_ALLOWED:
        return TooManyAttempts(max(_wait(of_order, now), _wait(of_visitor, now)))
    if matches:
        _record_proof(connection, visitor_id, number, now)
        return None
    failure = {"visitor_id": visitor_id, "order_number": number, "failed_at": now}
    connection.execute(insert(t.proof_failures), failure)
    return ProofRejected(FAILURES_ALLOWED - 1 - max(len(of_order), len(of_visitor)))


def _digits_match(connection: Connection, number: str, digits: str) -> bool:
    query = (
        select(t.customers.c.phone)
        .join(t.orders, t.orders.c.customer_id == t.customers.c.id)
        .where(t.orders.c.number == number)
    )
    phone = connection.execute(query).scalar_one_or_none()
    expected = phone[-4:] if phone and len(phone) >= 4 else _NOBODY
    given = "".join(char for char in unicodedata.normalize("NFKC", digits) if char in "0123456789")
    return hmac.compare_digest(expected.encode(), given.encode())


def _record_proof(connection: Connection, visitor_id: str, number: str, now: datetime) -> None:
    proofs = t.order_proofs
    mine = (proofs.c.visitor_id == visitor_id) & (proofs.c.order_number == number)
    connection.execute(delete(proofs).where(mine))
    proof = {"visitor_id": visitor_id, "order_number": number, "proven_at": now}
    connection.execute(insert(proofs), proof)


def _forget_old(connection: Connection, now: datetime) -> None:
    failures, proofs = t.proof_failures, t.order_proofs
    connection.execute(delete(failures).where(failures.c.failed_at <= now - FAILURES_COUNT_FOR))
    connection.execute(delete(proofs).where(proofs.c.proven_at <= now - PROOF_LASTS))


def _failures(connection: Connection, condition: Any) -> list[datetime]:
    query = select(t.proof_failures.c.failed_at).where(condition)
    return list(connection.execute(query.order_by(t.proof_failures.c.failed_at)).scalars())


def _wait(failures: list[datetime], now: datetime) -> int:
    """Say in how many seconds fewer than the allowed failures will count."""
    if len(failures) < FAILURES_ALLOWED:
        return 0
    free_at = failures[-FAILURES_ALLOWED] + FAILURES_COUNT_FOR
    return max(1, math.ceil((free_at - now).total_seconds()))
