"""What the gateway refuses, and the one shape in which it says so.

GatewayError (status)
├── Malformed (400)            the request is not what the call takes
├── Unauthorized (401)         no token, a forged or an expired one
├── Forbidden (403)            a token for something else
├── NotFound (404)             not there, or not theirs
├── TooSlow (408)              a body that does not arrive
├── Conflict (409)             an idempotency key with another body; a ticket somebody else has
├── TooLarge (413)             more bytes than anybody would write
├── Unprocessable (422)        well-formed, but not acceptable
├── TooManyRequests (429)      over the limit; says when to come back
└── Unavailable (503)          a part is down or full; says when to come back
"""

from typing import Any, Dict, Optional


class GatewayError(Exception):
    """Root of all refusals. `code` is for programs, `message` one sentence for people."""

    status = 500

    def __init__(
        self,
        code: str,
        message: str,
        *,
        detail: Optional[Dict[str, Any]] = None,
        retry_after: Optional[int] = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = detail or {}
        self.retry_after = retry_after

    def body(self) -> Dict[str, Any]:
        """The JSON body that every error has."""
        return {"error": {"code": self.code, "message": self.message, "detail": self.detail}}


class Malformed(GatewayError):
    """The request is not what the call takes."""

    status = 400


class Unauthorized(GatewayError):
    """No token, a forged or an expired one."""

    status = 401


class Forbidden(GatewayError):
    """A valid token for something else."""

    status = 403


class NotFound(GatewayError):
    """Not there, or not theirs: one answer."""

    status = 404


class Conflict(GatewayError):
    """The request contradicts what is already there."""

    status = 409


class TooSlow(GatewayError):
    """The body did not arrive in time."""

    status = 408


class TooLarge(GatewayError):
    """More bytes than the call takes."""

    status = 413


class Unprocessable(GatewayError):
    """Well-formed, but not acceptable."""

    status = 422


class TooManyRequests(GatewayError):
    """Over the limit; `retry_after` seconds."""

    status = 429


class Unavailable(GatewayError):
    """A part is down or full; `retry_after` seconds."""

    status = 503
