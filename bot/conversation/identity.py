"""Who is asking: a customer by the shop's signed token, or a visitor by ours.

The shop's server signs customers' tokens with its own key (HS256 with a secret, or RS256/ES256);
visitors' tokens are signed with another secret, so neither can pose as the other.
"""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any, Dict, Optional, Sequence

import jwt

from bot.errors import Unauthorized

AUDIENCE = "assistant"
VISITOR_ISSUER = "xiaoer"
DAY = 86_400
# Clocks of two servers differ by seconds.
_LEEWAY = 30


@dataclass(frozen=True)
class Shopper:
    """A verified asker; exactly one of the ids is set. The conversation belongs to them."""

    conversation_id: str
    customer_id: Optional[str] = None
    visitor_id: Optional[str] = None


class Tokens:
    """Makes and checks shoppers' tokens."""

    def __init__(self, *, shop_secret: str, shop_public_key: str, visitor_secret: str) -> None:
        self._shop_secret = shop_secret
        self._shop_key = shop_public_key or shop_secret
        # Fixed by the kind of key, never taken from the token: an HS256 token signed with a
        # public key must not pass.
        self._shop_algorithms: Sequence[str] = ["RS256", "ES256"] if shop_public_key else ["HS256"]
        self._visitor_secret = visitor_secret

    def verify(self, token: str) -> Shopper:
        """The shopper behind a token.

        Raises:
            Unauthorized: forged, expired, made for something else or valid for over a day.
        """
        try:
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
            claims = self._verified(token, visitor=issuer == VISITOR_ISSUER)
        except jwt.ExpiredSignatureError as error:
            raise Unauthorized("token_expired", "The token has expired.") from error
        except jwt.PyJWTError as error:
            raise Unauthorized("token_invalid", "The token is not valid.") from error
        if not isinstance(claims["exp"], (int, float)) or not claims["sub"]:
            raise Unauthorized("token_invalid", "The token is not valid.")
        if claims["exp"] > time.time() + DAY + _LEEWAY:
            raise Unauthorized("token_too_long", "The token may be valid for a day at most.")
        if issuer == VISITOR_ISSUER:
            return self.shopper(visitor_id=claims["sub"])
        return self.shopper(customer_id=claims["sub"])

    def shopper(
        self, *, customer_id: Optional[str] = None, visitor_id: Optional[str] = None
    ) -> Shopper:
        """The shopper of an id that is known to be right; exactly one is given."""
        subject = f"customer:{customer_id}" if visitor_id is None else f"visitor:{visitor_id}"
        return Shopper(self._conversation(subject), customer_id, visitor_id)

    def visitor(self) -> "tuple[str, Shopper]":
        """A new visitor and the token that proves it is them, for a day."""
        visitor_id = secrets.token_urlsafe(18)
        claims = {"iss": VISITOR_ISSUER, **_claims(visitor_id, DAY)}
        token = jwt.encode(claims, self._visitor_secret, algorithm="HS256")
        return token, self.shopper(visitor_id=visitor_id)

    def customer(self, customer_id: str, *, seconds: int) -> str:
        """A customer's token, as the shop's own server would sign it; for trying the API.

        Raises:
            ValueError: the shop signs with a private key that we do not have.
        """
        if not self._shop_secret:
            raise ValueError("tokens are signed by the shop's private key; ask the shop for one")
        return jwt.encode(_claims(customer_id, seconds), self._shop_secret, algorithm="HS256")

    def origin(self, address: str) -> str:
        """A name for where a caller's connection comes from that does not tell the address."""
        key = self._visitor_secret.encode()
        return "o_" + hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:16]

    def _verified(self, token: str, *, visitor: bool) -> Dict[str, Any]:
        return jwt.decode(
            token,
            self._visitor_secret if visitor else self._shop_key,
            algorithms=["HS256"] if visitor else list(self._shop_algorithms),
            audience=AUDIENCE,
            leeway=_LEEWAY,
            options={"require": ["exp", "sub", "aud"]},
        )

    def _conversation(self, subject: str) -> str:
        """Derived, not stored: the same shopper has the same conversation on every device."""
        key = self._visitor_secret.encode()
        return "c_" + hmac.new(key, subject.encode(), hashlib.sha256).hexdigest()[:32]


def _claims(subject: str, seconds: int) -> Dict[str, Any]:
    now = int(time.time())
    return {"sub": subject, "aud": AUDIENCE, "iat": now, "exp": now + seconds}
