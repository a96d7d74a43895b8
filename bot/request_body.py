"""The JSON bodies of all calls; closes what pydantic would let through."""

import math
from typing import Any, Callable, Dict, Iterable, Iterator, Type, TypeVar

from pydantic import BaseModel
from pydantic.errors import DictError

# Deeper than any fact about an order; every reader and writer of JSON has its own end further on.
MOST_DEPTH = 16

Model = TypeVar("Model", bound="RequestBody")


class RequestBody(BaseModel):
    """Root of all bodies: an object. Fields that nobody knows are ignored."""

    @classmethod
    def validate(cls: Type[Model], value: Any) -> Model:
        """Take an object only; pydantic would make one of a list of pairs, too."""
        if not isinstance(value, dict):
            raise DictError
        return super().validate(value)


class JsonObject(Dict[str, Any]):
    """A field that holds any JSON object that can be stored, copied and shown again."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], "JsonObject"]]:
        """See pydantic."""
        yield cls.checked

    @classmethod
    def checked(cls, value: Any) -> "JsonObject":
        """The object.

        Raises:
            TypeError: it is something else.
            ValueError: nested too deeply, or with a number that JSON does not have.
        """
        if not isinstance(value, dict):
            raise DictError
        level = [value]
        for _ in range(MOST_DEPTH):
            level = [child for item in level for child in _children(item)]
            if any(isinstance(item, float) and not math.isfinite(item) for item in level):
                raise ValueError("a number that JSON does not have")
        if any(_children(item) for item in level):
            raise ValueError(f"nested more than {MOST_DEPTH} levels deep")
        return cls(value)


def _children(item: Any) -> Iterable[Any]:
    if isinstance(item, dict):
        return item.values()
    return item if isinstance(item, list) else ()
