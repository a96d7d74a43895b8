"""What the shop's dataclasses declare, as the codec and the description of the wire read it.

Beside the way of a message.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from functools import lru_cache
from typing import Any, get_args, get_origin, get_type_hints

from shop.models import Remedy, Request

# What cannot be less than nothing. Points may: a movement of points has a sign.
_NEVER_NEGATIVE = re.compile(r"(^|_)(cents|quantity)$|^(stock|pieces|points_used)$")


@lru_cache(maxsize=None)
def declared(kind: Any) -> tuple[tuple[Field[Any], Any], ...]:
    """Give a dataclass's fields, each with its annotation."""
    hints = get_type_hints(kind)
    return tuple((field, hints[field.name]) for field in fields(kind))


def is_required(field: Field[Any]) -> bool:
    """Tell whether a field has to be there."""
    return field.default is MISSING and field.default_factory is MISSING


def is_never_negative(field: Field[Any]) -> bool:
    """Tell whether a field's number, if it is one, cannot be less than nothing."""
    return bool(_NEVER_NEGATIVE.search(field.name))


def is_facts(kind: Any) -> bool:
    """Tell whether a field holds a verdict's facts, whose kinds nobody declares."""
    return get_origin(kind) is Mapping


def tag_of(kind: type) -> Remedy | None:
    """Give the remedy by which a kind of request is told from the others; None for other values."""
    return kind.remedy if kind in get_args(Request) else None  # type: ignore[attr-defined]
