"""Values of the shop as JSON and back, by what their dataclasses declare.

Step 6 of a message's way (act): both ends of the wire use it, so that they cannot disagree. Reading
is strict, because a shop's own system may answer anything: a value that gets through here is safe
to speak of. What is more than declared is left out, so that a shop may add fields of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from shop.http.declarations import declared, is_facts, is_never_negative, is_required, tag_of
from shop.http.scalars import (
    MalformedValue,
    read_day,
    read_fact,
    read_moment,
    read_plain,
    read_text,
    write_fact,
    write_moment,
    write_text,
)
from shop.models import (
    ExchangeRequest,
    GoodsRequest,
    Order,
    OrderLine,
    RefundOnlyRequest,
    RepairRequest,
    ResendRequest,
    ReturnRequest,
)
from shop.rights.verdict import Verdict


def _are_pieces(request: GoodsRequest) -> bool:
    are_once = len(set(request.line_ids)) == len(request.pieces) > 0
    return are_once and all(quantity >= 1 for _, quantity in request.pieces)


_PIECES = ("at least one piece, and each line once", _are_pieces)
# What a type does not say, and what those who read a value rely on.
_RULES: dict[type, tuple[str, Callable[[Any], bool]]] = {
    OrderLine: ("more pieces returned than bought", lambda line: line.left_quantity >= 0),
    Order: (
        "two lines with one id",
        lambda order: len({line.id for line in order.lines}) == len(order.lines),
    ),
    Verdict: ("no rule", lambda verdict: bool(verdict.rules)),
    **dict.fromkeys((ReturnRequest, RepairRequest, RefundOnlyRequest, ResendRequest), _PIECES),
    ExchangeRequest: (
        "pieces of one line alone",
        lambda request: _are_pieces(request) and len(request.pieces) == 1,
    ),
}


def encode(value: object) -> Any:
    """Turn a value into what ``json.dumps`` takes.

    Raises:
        TypeError: nothing of its kind crosses the wire.
        ValueError: a moment without a time zone.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return write_text(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, datetime):
        return write_moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if is_dataclass(value):
        return _encode_object(value)
    raise TypeError(f"{type(value).__name__} does not cross the wire")


def _encode_object(value: Any) -> dict[str, Any]:
    tag = tag_of(value.__class__)
    encoded: dict[str, Any] = {"remedy": tag.value} if tag else {}
    for field, annotation in declared(value.__class__):
        inner = getattr(value, field.name)
        if is_facts(annotation):
            encoded[field.name] = {key: write_fact(fact) for key, fact in inner.items()}
        else:
            encoded[field.name] = encode(inner)
    return encoded


def decode(kind: Any, data: object, where: str = "$") -> Any:
    """Read a value of a declared kind: a dataclass, an enum, ``tuple[Order, ...]``, ``int | None``.

    Args:
        kind: a type or annotation as the dataclasses of ``shop.models`` use them.
        data: what ``json.loads`` gave.
        where: how an error names the value.

    Raises:
        MalformedValue: it is something else, or breaks a rule that every such value keeps.
    """
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _decode_union(get_args(kind), data, where)
    if origin is tuple:
        return _decode_tuple(get_args(kind), data, where)
    if origin is dict:
        return read_text(data, where)
    if is_facts(kind):
        return _decode_facts(data, where)
    if is_dataclass(kind):
        return _decode_object(kind, data, where)
    if kind is datetime:
        return read_moment(data, where)
    if kind is date:
        return read_day(data, where)
    if issubclass(kind, Enum):
        return _decode_enum(kind, data, where)
    return read_plain(kind, data, where)


def _decode_union(kinds: tuple[Any, ...], data: object, where: str) -> Any:
    """Read what may be null, or is told by its tag."""
    some = [kind for kind in kinds if kind is not NoneType]
    if data is None and len(some) < len(kinds):
        return None
    if len(some) > 1:
        tag = data.get("remedy") if isinstance(data, dict) else None
        some = [kind for kind in some if isinstance(tag, str) and tag_of(kind) == tag]
    if not some:
        raise MalformedValue(f"{where}.remedy", "not one of the remedies")
    return decode(some[0], data, where)


def _decode_tuple(kinds: tuple[Any, ...], data: object, where: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise MalformedValue(where, "a list expected")
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(data)
    if len(kinds) != len(data):
        raise MalformedValue(where, f"{len(kinds)} items expected")
    return tuple(
        decode(kind, item, f"{where}[{place}]")
        for place, (kind, item) in enumerate(zip(kinds, data))
    )


def _decode_object(kind: Any, data: object, where: str) -> Any:
    if not isinstance(data, dict):
        raise MalformedValue(where, "an object expected")
    values: dict[str, Any] = {}
    for field, annotation in declared(kind):
        inside = f"{where}.{field.name}"
        if field.name in data:
            inner = decode(annotation, data[field.name], inside)
            if is_never_negative(field) and isinstance(inner, int) and inner < 0:
                raise MalformedValue(inside, "less than nothing")
            values[field.name] = inner
        elif is_required(field):
            raise MalformedValue(inside, "missing")
    value = kind(**values)
    problem, is_kept = _RULES.get(kind, ("", bool))
    if problem and not is_kept(value):
        raise MalformedValue(where, problem)
    return value


def _decode_facts(data: object, where: str) -> dict[str, object]:
    if not isinstance(data, dict):
        raise MalformedValue(where, "an object expected")
    # Without the key: it comes from outside, and errors are logged.
    return {read_plain(str, key, where): read_fact(fact, where) for key, fact in data.items()}


def _decode_enum(kind: type[Enum], data: object, where: str) -> Enum:
    if isinstance(data, str) and data in {each.value for each in kind}:
        return kind(data)
    raise MalformedValue(where, f"not a {kind.__name__}")
