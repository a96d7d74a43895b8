"""Signatures that any library of the scheme verifies."""

import base64
import hashlib
import hmac

import pytest

from bot.signature import sign, signing_key

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()


@pytest.mark.parametrize("length", [24, 32, 64])
def test_a_secret_holds_a_key(length):
    key = bytes(range(length))
    assert signing_key("whsec_" + base64.b64encode(key).decode()) == key


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        base64.b64encode(KEY).decode(),
        "whsec_" + base64.b64encode(bytes(23)).decode(),
        "whsec_" + base64.b64encode(bytes(65)).decode(),
        "whsec_not base64 at all, but long enough",
        "whsec_密钥密钥密钥密钥密钥密钥密钥密钥",
        "whpk_" + base64.b64encode(KEY).decode(),
    ],
)
def test_anything_else_is_refused_with_what_is_expected(secret):
    with pytest.raises(ValueError, match="base64 of 24 to 64 random bytes"):
        signing_key(secret)


def test_id_time_and_body_are_signed_together():
    body = '{"text":"您好"}'.encode()
    expected = hmac.new(KEY, b"c_1-2.1700000000." + body, hashlib.sha256).digest()
    assert sign(signing_key(SECRET), "c_1-2", 1700000000, body) == (
        "v1," + base64.b64encode(expected).decode()
    )


@pytest.mark.parametrize(
    "changed", [("c_1-3", 1, b"{}"), ("c_1-2", 2, b"{}"), ("c_1-2", 1, b"{ }")]
)
def test_a_change_of_any_part_changes_the_signature(changed):
    assert sign(KEY, *changed) != sign(KEY, "c_1-2", 1, b"{}")
