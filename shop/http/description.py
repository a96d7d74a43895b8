"""The description of the wire (OpenAPI) as a shop's developers get it: docs/shop_api.yml.

Beside the way of a message.
"""

from typing import Any

import yaml

from shop.errors import ShopError
from shop.http.errors import WIRE_ERRORS, WRONG_CALLS
from shop.http.schema import Schema, Schemas

Responses = dict[int | str, dict[str, Any]]


class Description:
    """Gathers the schemas that operations refer to, and puts them in."""

    def __init__(self) -> None:
        self._schemas = Schemas()

    def answers(self, answer: Any, errors: tuple[type[ShopError], ...]) -> Responses:
        """Describe what a call ends with, by status."""
        described: Responses = {200: {"description": "Done", **_json(self._resolved(answer))}}
        rows = [row for row in WIRE_ERRORS if row.kind in errors]
        for status in dict.fromkeys(row.status for row in rows):
            same = [row for row in rows if row.status == status]
            told = [self._error(row.code, fields=row.fields) for row in same]
            described[status] = {
                "description": " or ".join(f"`{row.code}`" for row in same),
                **_json(told[0] if len(told) == 1 else {"oneOf": told}),
            }
        wrong = self._error(*sorted(set(WRONG_CALLS.values())))
        described["default"] = {"description": "The call is wrong in itself", **_json(wrong)}
        return described

    def _error(self, *codes: str, fields: tuple[tuple[str, type], ...] = ()) -> Schema:
        properties: Schema = {
            "code": {"type": "string", "enum": list(codes)},
            "message": {"type": "string", "description": "For people; nobody goes by it."},
        }
        if fields:
            properties["detail"] = self._resolved(dict(fields))
        error = {"type": "object", "properties": properties, "required": list(properties)}
        return {"type": "object", "properties": {"error": error}, "required": ["error"]}

    def body(self, body: Schema) -> Schema:
        """Describe what is sent."""
        return {"requestBody": {"required": True, **_json(self._resolved(body))}}

    def complete(self, openapi: dict[str, Any]) -> dict[str, Any]:
        """Put the schemas into a description."""
        components = openapi.setdefault("components", {})
        components["schemas"] = dict(sorted(self._schemas.components.items()))
        for operations in openapi["paths"].values():
            for operation in operations.values():
                _drop_fastapis_error(operation["responses"])
                for parameter in operation["parameters"]:
                    for said_twice in ("title", "description"):
                        parameter["schema"].pop(said_twice, None)
        return openapi

    def _resolved(self, fields: Any) -> Schema:
        """Describe a kind; of a mapping, an object with these fields."""
        if not isinstance(fields, dict):
            return self._schemas.of(fields)
        properties = {name: self._schemas.of(kind) for name, kind in fields.items()}
        return {"type": "object", "properties": properties, "required": list(properties)}


class _Dumper(yaml.SafeDumper):
    """Writes long texts line by line, and everything once more rather than by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def as_yaml(openapi: dict[str, Any]) -> str:
    """Write a description for people to read."""
    return yaml.dump(openapi, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def _json(schema: Schema) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _drop_fastapis_error(responses: dict[str, Any]) -> None:
    """A call that is wrong in itself gets our own error; FastAPI announces another one."""
    told = responses.get("422", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if told.get("$ref", "").endswith("/HTTPValidationError"):
        del responses["422"]
