"""Requests that nobody means well, generated from the gateway's own description of its calls.

A new call is tried without a word here; what the description leaves out is in PAGES.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple
from urllib.parse import quote

import httpx
import pytest
from hypothesis import strategies as st

Schema = Dict[str, Any]

PAGES: List[Tuple[str, str, Schema]] = [
    *[("GET", path, {}) for path in ("/", "/desk/", "/docs", "/openapi.json", "/demo/customers")],
    *[("GET", f"/assets/{name}/{{file}}", {}) for name in ("shop", "widget", "console", "docs")],
    ("POST", "/demo/token", {"properties": {"customer": {"type": "string"}}}),
]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND"]

TEXTS = st.one_of(
    st.sampled_from(
        [
            *("/restart", "／restart", '/inform{"order_number":"XE20260001"}', "//session_start"),
            *(
                "我的快递到哪了",
                "where is my parcel",
                "👩‍👩‍👧‍👦",
                "\u202egnp.exe\u200f",
                "\ufeff我要退货",
            ),
            *("", " ", "\x00", "\x1b[31m", "half \ud83d", "长" * 2001),
            *("' OR 1=1 --", "../../etc/passwd", "{{7*7}}", "<script>alert(1)</script>"),
        ]
    ),
    st.text(max_size=20),
    st.text(st.characters(exclude_categories=()), max_size=5),
)
JSON = st.recursive(
    st.one_of(
        *(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
        st.sampled_from([2**53 + 1, 2**64, -(10**400), 1e308]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
RAW_BODIES = [
    *(b"", b"{", b"[]", b"null", b'""', b"NaN", b"{}{}", b"\xff\xfe", b"\x00", b"\xef\xbb\xbf"),
    *(b"[" * 5000, b'{"a":' * 900 + b"1" + b"}" * 900, b"1" * 5000, b'{"csat":1e999}'),
    *(b'[["message_id","pairs"],["text","x"]]', b'{"facts":{"a":-Infinity}}', b"a=b&c=d"),
    *(b"x" * 70_000, b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\nx\r\n--x--'),
]
CONTENT_TYPES = [
    *("text/plain", "application/json; charset=utf-16", "multipart/form-data; boundary=x"),
    *("", "multipart/form-data", "application/x-www-form-urlencoded", "\xff;;=", "image/png"),
]
ODD_HEADERS = [
    *[("X-Forwarded-For", value) for value in ("203.0.113.9", "::1", "\xff" * 300, ",,,")],
    *[("Range", value) for value in ("bytes=9-1", "bytes=99999999-", "bytes=-" + "9" * 5000)],
    *[("Cookie", value) for value in ("xiaoer_desk=\xff", "; =;;", "xiaoer_desk=")],
    *[("Last-Event-ID", value) for value in ("²", "-1", "9" * 400, "x")],
    *(("If-Modified-Since", "Foo, 99 Bar 99999"), ("Accept-Encoding", "\xff"), ("Host", "[::")),
    *(("X-HTTP-Method-Override", "DELETE"), ("Connection", "close"), ("Authorization", "\xff")),
]
ODD_VALUES = [
    "abc",
    "-1",
    "1e9",
    "inf",
    "nan",
    "",
    "9" * 400,
    "９",
    "[]",
    "\x00",
    "\udcff",
    "../..",
]


@dataclass(frozen=True)
class Call:
    """A call as described: its parameters as (where, name), and its body's schema."""

    method: str
    path: str
    parameters: Tuple[Tuple[str, str], ...]
    body: Optional[Schema] = field(default=None, hash=False)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


class Request(NamedTuple):
    """A request as it is sent; `call` is what it is a request for."""

    call: str
    method: str
    target: str
    headers: Tuple[Tuple[str, str], ...]
    content: bytes


def calls_of(openapi: Dict[str, Any]) -> List[Call]:
    """All calls of the description, and the pages."""
    found = []
    for path, methods in openapi["paths"].items():
        for method, call in methods.items():
            parameters = tuple((p["in"], p["name"]) for p in call.get("parameters", []))
            body = call.get("requestBody", {}).get("content", {}).get("application/json")
            name = body["schema"]["$ref"].rsplit("/", 1)[1] if body else None
            schema = openapi["components"]["schemas"][name] if name else None
            found.append(Call(method.upper(), path, parameters, schema))
    for method, path, schema in PAGES:
        files = (("path", "file"),) if "{file}" in path else ()
        found.append(Call(method, path, files, schema or None))
    return found


def good(name: str, schema: Schema, known: Dict[str, List[Any]]) -> "st.SearchStrategy[Any]":
    """A value that a field may have."""
    if name in known:
        return st.sampled_from(known[name])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return {
        "integer": st.integers(1, 5),
        "object": st.dictionaries(TEXTS, JSON, max_size=3),
        "array": st.lists(st.dictionaries(TEXTS, JSON, max_size=2), max_size=2),
    }.get(schema.get("type", ""), TEXTS)


def one_in(number: int) -> "st.SearchStrategy[bool]":
    """True once in so many times; the ends of a range of numbers would come more often."""
    return st.sampled_from([False] * (number - 1) + [True])


@st.composite
def bodies(draw: Any, schema: Schema, known: Dict[str, List[Any]]) -> bytes:
    """A body: good, nearly good, or none at all."""
    if draw(one_in(12)):
        return draw(st.sampled_from(RAW_BODIES) | st.binary(max_size=30))
    properties = schema["properties"]
    needed = draw(st.sampled_from(schema.get("oneOf", [{}]))).get("required", [])
    more = (
        draw(st.lists(st.sampled_from(sorted(properties)), max_size=2)) if draw(one_in(4)) else []
    )
    names = [*schema.get("required", []), *needed, *more]
    fields = {name: draw(good(name, properties[name], known)) for name in names}
    change = draw(st.sampled_from([*["none"] * 5, "unknown", "wrong", "missing"]))
    if change == "unknown":
        fields[draw(TEXTS)] = draw(JSON)
    elif change == "wrong":
        fields[draw(st.sampled_from(sorted(properties)))] = draw(JSON)
    elif change == "missing" and fields:
        del fields[draw(st.sampled_from(sorted(fields)))]
    written = json.dumps(fields, ensure_ascii=draw(st.booleans()))
    content = written.encode("utf-8", "surrogatepass")
    return draw(
        st.sampled_from(
            [
                *[content] * 12,
                b"\xef\xbb\xbf" + content,
                written.encode("utf-16", "surrogatepass"),
                content[:-1],
                content[:-1] + b"," + content[1:],  # every key twice
            ]
        )
    )


@st.composite
def requests(draw: Any, calls: List[Call], known: Dict[str, List[Any]]) -> Request:
    """A request to one of the calls, or nearly one."""
    call = draw(st.sampled_from(calls))
    target, query, headers = call.path, [], []
    for where, name in call.parameters:
        odd = draw(one_in(6))
        usual = st.sampled_from(known.get(f"{call.path} {name}", known.get(name, ["x"])))
        value = draw(st.sampled_from(ODD_VALUES) if odd else usual)
        if where == "path":
            target = target.replace(f"{{{name}}}", _quoted(value))
        elif where == "query":
            if draw(st.booleans()):
                query.append(f"{name}={_quoted(value)}")
        elif not odd:
            headers.append((name, value) if where == "header" else ("Cookie", f"{name}={value}"))
    content = b""
    if call.body is not None:
        content = draw(bodies(call.body, known))
        kind = draw(st.sampled_from(CONTENT_TYPES)) if draw(one_in(12)) else "application/json"
        headers.append(("Content-Type", kind))
    if draw(one_in(8)):
        headers.append(draw(st.sampled_from(ODD_HEADERS)))
    method = call.method
    if draw(one_in(30)):
        method = draw(st.sampled_from(METHODS))
    if draw(one_in(30)):
        target += draw(st.sampled_from(["/", "/x", "%00", "%ff", "//", "/../x"]))
    target += "?" + "&".join(query) if query else ""
    return Request(call.name, method, target, tuple(headers), content)


def _quoted(value: str) -> str:
    return quote(value.encode("utf-8", "surrogateescape"), safe="")


@pytest.fixture(scope="session")
def calls(system: Any) -> List[Call]:
    """All calls that the running gateway describes, and the pages."""
    return calls_of(httpx.get(f"{system.url}/openapi.json").json())


@pytest.fixture(scope="session")
def requests_to() -> Callable[[List[Call], Dict[str, List[Any]]], Any]:
    """`(calls, known)` -> a strategy of requests.

    `known` has values by the name of a field or parameter, or by path and name.
    """
    return lambda calls, known: requests(_by_weight(calls), known)


@pytest.fixture(scope="session")
def json_values() -> Any:
    """A strategy of everything that JSON, or Python's idea of it, can say."""
    return JSON


def _by_weight(calls: List[Call]) -> List[Call]:
    """Each call as often as there is something to vary in it; shoppers' messages most often."""
    weights = {call: 8 if call.body else 3 if call.parameters else 1 for call in calls}
    weights.update({call: 30 for call in calls if call.name == "POST /v1/messages"})
    return [call for call, weight in weights.items() for _ in range(weight)]
