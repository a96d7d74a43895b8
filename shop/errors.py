"""What can go wrong in the shop, in the shop's own words.

Step 6 of a message's way (act): callers of ``shop.backend`` see these and nothing else.

ShopError
├── OrderNotFound         not theirs or not there: one and the same answer
├── LineNotFound          the order has no such line
├── ProofRejected         a guest's number and digits do not match
├── TooManyAttempts       locked out for a while
├── RequestRefused        the rules do not allow it as it is; carries the verdict
├── StepUpRequired        the order has to be proven first
├── VariantNotFound       the shop sells no such variant
├── IdempotencyConflict   a key used again for something else
├── PolicyError           policy.yml cannot be used (also a ValueError)
├── SchemaMismatch        the database's tables are of another version of the program
├── NotADemoShop          seeding would wipe somebody's data
└── ShopUnavailable       the database is not there, busy or broken
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shop.rights.verdict import Verdict


class ShopError(Exception):
    """Root of everything the shop raises on purpose."""


class OrderNotFound(ShopError):
    """No such order for this shopper.

    Carries nothing, so that "not yours" and "does not exist" cannot be told apart.
    """

    def __init__(self) -> None:
        super().__init__("no such order for this shopper")


class LineNotFound(ShopError):
    """The order has no line with this id."""

    def __init__(self, line_id: int) -> None:
        super().__init__(f"the order has no line {line_id}")
        self.line_id = line_id


class ProofRejected(ShopError):
    """Order number and digits do not match; ``attempts_left`` until the lock-out."""

    def __init__(self, attempts_left: int) -> None:
        super().__init__(f"proof rejected, {attempts_left} attempts left")
        self.attempts_left = attempts_left


class TooManyAttempts(ShopError):
    """Locked out; may try again in ``retry_after_seconds``."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"too many attempts, again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class RequestRefused(ShopError):
    """What was asked may not be done as it is; ``verdict`` says by which rule."""

    def __init__(self, verdict: "Verdict") -> None:
        super().__init__(f"refused by rule {verdict.rule}")
        self.verdict = verdict


class StepUpRequired(ShopError):
    """Too much depends on it: the order has to be proven first, within the last minutes."""

    def __init__(self) -> None:
        super().__init__("the order has to be proven first")


class VariantNotFound(ShopError):
    """The shop sells no variant with this id."""

    def __init__(self) -> None:
        super().__init__("no such variant")


class IdempotencyConflict(ShopError):
    """The idempotency key has already been used with another body."""

    def __init__(self) -> None:
        super().__init__("idempotency key used with another body")


class PolicyError(ShopError, ValueError):
    """``policy.yml`` cannot be used; the message names the file and the key."""


class SchemaMismatch(ShopError):
    """The database has the tables of version ``found``, and the program needs ``needed``."""

    def __init__(self, found: str, needed: str) -> None:
        way_out = "run python -m shop migrate" if found < needed else "it needs a newer program"
        super().__init__(f"the shop's tables are version {found}, not {needed}: {way_out}")
        self.found = found
        self.needed = needed


class NotADemoShop(ShopError):
    """The database holds data that the demo shop did not put there."""


class ShopUnavailable(ShopError):
    """The shop's database cannot answer now; the database's own error is the cause."""

    def __init__(self) -> None:
        super().__init__("the shop's database cannot answer now")
