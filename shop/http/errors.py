"""The shop's errors on the wire: one table, read in both directions.

Step 6 of a message's way (act). An error is ``{"error": {"code", "message", "detail"}}``; what the
two ends go by is code, status and detail, the message is for people.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shop.errors import (
    IdempotencyConflict,
    LineNotFound,
    OrderNotFound,
    ProofRejected,
    RequestRefused,
    ShopError,
    ShopUnavailable,
    StepUpRequired,
    TooManyAttempts,
    VariantNotFound,
)
from shop.http.codec import decode, encode
from shop.http.scalars import MalformedValue
from shop.rights.verdict import Verdict


class NotThere(ShopError):
    """No such customer or reference; a caller of the protocol gets None instead."""

    def __init__(self) -> None:
        super().__init__("nothing under this id")


@dataclass(frozen=True)
class WireError:
    """How one error crosses; ``fields`` are the error's attributes in ``detail``, with their kinds.

    The error's class takes them as its arguments, in this order.
    """

    kind: type[ShopError]
    status: int
    code: str
    fields: tuple[tuple[str, type], ...] = ()


WIRE_ERRORS = (
    WireError(OrderNotFound, 404, "order_not_found"),
    WireError(NotThere, 404, "not_there"),
    WireError(VariantNotFound, 404, "variant_not_found"),
    WireError(LineNotFound, 422, "line_not_found", (("line_id", int),)),
    WireError(RequestRefused, 409, "request_refused", (("verdict", Verdict),)),
    WireError(IdempotencyConflict, 409, "idempotency_conflict"),
    WireError(StepUpRequired, 403, "step_up_required"),
    WireError(ProofRejected, 403, "proof_rejected", (("attempts_left", int),)),
    WireError(TooManyAttempts, 429, "too_many_attempts", (("retry_after_seconds", int),)),
    WireError(ShopUnavailable, 503, "shop_unavailable"),
)
# Calls that are wrong in themselves, by status: never an error of the protocol.
WRONG_CALLS = {
    400: "bad_request",
    401: "unauthorised",
    404: "no_such_path",
    405: "no_such_path",
    413: "too_large",
    500: "internal",
}


def body(code: str, message: str, **detail: Any) -> dict[str, Any]:
    """Give the JSON of an error."""
    return {"error": {"code": code, "message": message, "detail": detail}}


def written(error: ShopError) -> tuple[int, dict[str, Any]]:
    """Give an error's status and JSON; what is not in the table is that the shop cannot answer."""
    row = next((row for row in WIRE_ERRORS if type(error) is row.kind), None)
    if row is None:
        return written(ShopUnavailable())
    detail = {name: encode(getattr(error, name)) for name, _ in row.fields}
    return row.status, body(row.code, str(error), **detail)


def read(status: int, data: Any, expected: tuple[type[ShopError], ...]) -> ShopError:
    """Read an error that a call may end with.

    Raises:
        MalformedValue: it is none of the expected ones, or not as the table has it.
    """
    error = data.get("error") if isinstance(data, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    for row in WIRE_ERRORS:
        if row.code == code and row.status == status and row.kind in expected:
            build: Callable[..., ShopError] = row.kind
            return build(*_detail(row, (error or {}).get("detail")))
    raise MalformedValue("$.error.code", f"not an error that this call ends with, status {status}")


def _detail(row: WireError, detail: Any) -> list[Any]:
    where = "$.error.detail"
    if not row.fields:
        return []
    if not isinstance(detail, dict):
        raise MalformedValue(where, "an object expected")
    values = [decode(kind, detail.get(name), f"{where}.{name}") for name, kind in row.fields]
    if any(isinstance(value, int) and value < 0 for value in values):
        raise MalformedValue(where, "less than nothing")
    return values
