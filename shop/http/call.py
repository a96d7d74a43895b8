"""A call of the shop's own system: what is asked, and how ids are written in it.

Step 6 of a message's way (act).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from shop.errors import OrderNotFound
from shop.models import Identity


@dataclass(frozen=True)
class Call:
    """One call; ``is_repeatable`` when doing it twice is doing it once."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    params: tuple[tuple[str, str], ...] = ()
    body: Any = None
    is_repeatable: bool = True


def asker_headers(identity: Identity) -> dict[str, str]:
    """Say who asks."""
    headers = {
        "X-Xiaoer-Customer": identity.customer_id,
        "X-Xiaoer-Visitor": identity.visitor_id,
        "X-Xiaoer-Origin": identity.origin,
    }
    return {name: header_value(value) for name, value in headers.items() if value}


def header_value(text: str) -> str:
    """Write an id for a header; it may have characters that no header takes."""
    return quote(text, safe=":", errors="replace")


def order_path(number: str) -> str:
    """Give the address of an order by its normalised number.

    Raises:
        OrderNotFound: no address can hold it, so that no order has it.
    """
    part = segment(number)
    if part is None:
        raise OrderNotFound
    return f"/v1/orders/{part}"


def segment(key: str) -> str | None:
    """Write an id for an address; None when no address can hold it, so that nothing has it."""
    if "/" in key or not key.strip("."):
        return None
    return quote(key, safe="", errors="replace")
