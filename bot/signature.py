"""Signatures of webhooks after the Standard Webhooks scheme, which receivers have libraries for."""

import base64
import binascii
import hashlib
import hmac

_PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64


def signing_key(secret: str) -> bytes:
    """The key in a secret: `whsec_` and the base64 of 24 to 64 bytes.

    Raises:
        ValueError: it is something else; says what is expected.
    """
    try:
        key = base64.b64decode(secret[len(_PREFIX) :], validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(_PREFIX) or not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise ValueError(
            f"takes {_PREFIX} and the base64 of {LEAST_BYTES} to {MOST_BYTES} random bytes"
        )
    return key


def sign(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` header of a message; its id must have no full stop."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
