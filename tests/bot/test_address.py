"""Limits count addresses as people have them; a proxy's call is nobody's own."""

import pytest
from starlette.requests import Request

from bot.address import address_of, is_local


def request(host, **headers):
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    client = None if host is None else (host, 50_000)
    return Request({"type": "http", "client": client, "headers": pairs})


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("somebody", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_address_is_what_one_household_has(host, address):
    assert address_of(request(host)) == address


@pytest.mark.parametrize(
    ("host", "headers", "local"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("203.0.113.9", {}, False),
        ("127.0.0.1", {"x_forwarded_for": "203.0.113.9"}, False),
        ("127.0.0.1", {"forwarded": "for=203.0.113.9"}, False),
        ("somebody", {}, False),
        (None, {}, False),
    ],
)
def test_only_a_program_of_this_machine_that_calls_for_itself_is_local(host, headers, local):
    assert is_local(request(host, **headers)) is local
