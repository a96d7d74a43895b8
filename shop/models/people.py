"""Who asks, and who owns what: identities, customers, addresses.

Step 6 of a message's way (act): values that cross the protocol in ``shop.backend``.
"""

from dataclasses import dataclass, field
from enum import Enum


class Language(str, Enum):
    """The language a customer has chosen in the shop."""

    SIMPLIFIED = "zh-Hans"
    TRADITIONAL = "zh-Hant"
    ENGLISH = "en"


class Level(str, Enum):
    """The membership level; where each begins is in the policy."""

    STANDARD = "standard"
    SILVER = "silver"
    GOLD = "gold"


@dataclass(frozen=True)
class Identity:
    """Who is asking, as the door has verified it; never taken from what was said.

    Raises:
        ValueError: not exactly one of the two ids is given.
    """

    customer_id: str | None = None
    visitor_id: str | None = None
    # Where the asker's connection comes from: attempts are counted by it, nothing is granted.
    origin: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if bool(self.customer_id) == bool(self.visitor_id):
            raise ValueError("an identity is either a customer or a visitor")

    @property
    def actor(self) -> str:
        """One string for both kinds, such as ``customer:C1001``, to tell actors apart."""
        if self.customer_id:
            return f"customer:{self.customer_id}"
        return f"visitor:{self.visitor_id}"


@dataclass(frozen=True)
class Customer:
    """A person with an account."""

    id: str
    name: str
    language: Language
    level: Level
    phone: str
    points: int

    @property
    def phone_last4(self) -> str:
        """The last four digits, which a guest gives to prove that an order is theirs."""
        return self.phone[-4:]


@dataclass(frozen=True)
class Address:
    """Where a parcel goes. ``detail`` is everything below the city as the shopper writes it."""

    recipient: str
    phone: str
    region: str
    city: str
    detail: str

    @property
    def phone_last4(self) -> str:
        """The last four digits, which prove that an order is theirs."""
        return self.phone[-4:]
