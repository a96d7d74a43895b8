"""What the effects of a request work on.

Step 6 of a message's way (act): ``shop.sql.settling`` makes one for each request that the rules
allow, inside the transaction, and hands it to the effect.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from sqlalchemy.engine import Connection

from shop.models import Order, Product
from shop.rights import Policy, Verdict, working_day_after


@dataclass(frozen=True)
class Case:
    """An order as it is, what the rules say, and when; ``policy`` are the rules in force now.

    ``products`` are those of the order's lines, by SKU; their stock is this transaction's until it
    ends. ``now`` is in UTC. ``new_number`` makes a number of a prefix.
    """

    connection: Connection
    order: Order
    products: Mapping[str, Product]
    verdict: Verdict
    policy: Policy
    now: datetime
    new_number: Callable[[str], str]

    @property
    def today(self) -> date:
        """The day in the shop's time zone."""
        return self.now.astimezone(self.policy.zone).date()

    def working_day(self, days: int) -> date:
        """Give the day that is so many working days after today."""
        return working_day_after(self.today, days, self.policy)

    def end_of(self, day: date) -> datetime:
        """Give the last second of a day in the shop's time zone, in UTC."""
        last = datetime.combine(day, time(23, 59, 59), tzinfo=self.policy.zone)
        return last.astimezone(timezone.utc)

    def in_hours(self, hours: int) -> datetime:
        """Give the moment so many hours from now."""
        return self.now + timedelta(hours=hours)


@dataclass(frozen=True)
class Done:
    """What an effect has led to: the number to keep, and when the next thing happens."""

    number: str
    due_at: datetime | None = None
