"""The shop's values as JSON schemas for the description of the wire, by what is declared.

Beside the way of a message.
"""

import inspect
from dataclasses import is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from shop.http.declarations import declared, is_facts, is_never_negative, is_required, tag_of
from shop.http.scalars import LANGUAGES

Schema = dict[str, Any]

_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "format": "int64"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}
_TEXT: Schema = {
    "type": "object",
    "description": "A text that a shopper may read, in both languages.",
    "properties": {code: {"type": "string"} for code in LANGUAGES},
    "required": list(LANGUAGES),
}
_FACTS: Schema = {
    "type": "object",
    "description": (
        "What the rule's sentence names: texts, whole numbers, truth values, lists of them, days "
        'as {"day": "2026-11-20"}, moments as {"moment": "2026-11-20T02:00:00Z"} and texts in both '
        'languages as {"text": {"zh": "…", "en": "…"}}.'
    ),
}


class Schemas:
    """Collects the schemas that others refer to."""

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:
        """Describe a declared kind; what has a name goes to ``components`` and is referred to."""
        origin, inner = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            return self._union(inner)
        if origin is tuple:
            return self._tuple(inner)
        if origin is dict:
            return self._named("Text", _TEXT)
        if is_facts(kind):
            return _FACTS
        if is_dataclass(kind):
            return self._object(kind)
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        return self._enum(kind)

    def _named(self, name: str, schema: Schema) -> Schema:
        self.components.setdefault(name, schema)
        return {"$ref": f"#/components/schemas/{name}"}

    def _union(self, kinds: tuple[Any, ...]) -> Schema:
        some = [self.of(kind) for kind in kinds if kind is not NoneType]
        if len(some) < len(kinds):
            return {"anyOf": [*some, {"type": "null"}]}
        tags = {tag_of(kind): schema["$ref"] for kind, schema in zip(kinds, some)}
        mapping = {tag.value: reference for tag, reference in tags.items() if tag}
        return {"oneOf": some, "discriminator": {"propertyName": "remedy", "mapping": mapping}}

    def _tuple(self, kinds: tuple[Any, ...]) -> Schema:
        if kinds[-1] is Ellipsis:
            return {"type": "array", "items": self.of(kinds[0])}
        items = [self.of(kind) for kind in kinds]
        return {
            "type": "array",
            "prefixItems": items,
            "minItems": len(items),
            "maxItems": len(items),
        }

    def _object(self, kind: Any) -> Schema:
        if kind.__name__ not in self.components:
            # Held free, since a value may contain its own kind.
            schema = self.components[kind.__name__] = {}
            properties: dict[str, Schema] = {}
            required = [field.name for field, _ in declared(kind) if is_required(field)]
            if tag := tag_of(kind):
                properties["remedy"] = {"type": "string", "const": tag.value}
                required.insert(0, "remedy")
            for field, annotation in declared(kind):
                properties[field.name] = self.of(annotation)
                if is_never_negative(field) and annotation is int:
                    properties[field.name]["minimum"] = 0
            schema.update(type="object", description=_described(kind), properties=properties)
            if required:
                schema["required"] = required
        return {"$ref": f"#/components/schemas/{kind.__name__}"}

    def _enum(self, kind: type[Enum]) -> Schema:
        values = [each.value for each in kind]
        return self._named(
            kind.__name__, {"type": "string", "description": _described(kind), "enum": values}
        )


def _described(kind: type) -> str:
    """Give a docstring without the marks of the code's own language."""
    return inspect.cleandoc(kind.__doc__ or "").replace("``", "`")
