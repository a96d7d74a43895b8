"""Days: which are worked, when a period ends, when a warranty does.

Step 6 of a message's way (act). A calendar is a fact and not a rule: it is the same for every
version of the policy, and a year is added when its holidays are published.
"""

import calendar as months
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pydantic import validator

from shop.rights.policy_sections import Section

if TYPE_CHECKING:
    from shop.rights.policy import Policy


class Calendar(Section):
    """Rest days: ``weekend`` (1 is Monday) and ``holidays``, apart from make-up ``workdays``."""

    weekend: tuple[int, ...]
    holidays: frozenset[date]
    workdays: frozenset[date]

    @validator("weekend", each_item=True)
    def _is_a_weekday(cls: type["Calendar"], day: int) -> int:
        if not 1 <= day <= 7:
            raise ValueError("a day of the week is 1 to 7")
        return day

    @validator("weekend")
    def _leaves_a_day_to_work(cls: type["Calendar"], days: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(days)) == 7:
            raise ValueError("at least one day of the week is worked")
        return days

    @validator("holidays", "workdays", pre=True)
    def _spread(cls: type["Calendar"], days: object) -> object:
        """Read ``2026-02-15/2026-02-23`` as all days from the first to the last."""
        if not isinstance(days, list):
            raise ValueError("should be a list of days, or of first/last")
        return frozenset(day for item in days for day in _days_of(item))

    def is_rest_day(self, day: date) -> bool:
        """Tell whether nobody works on this day."""
        if day in self.workdays:
            return False
        return day in self.holidays or day.isoweekday() in self.weekend

    def next_working_day(self, day: date) -> date:
        """Give the day itself when it is worked, else the next one that is."""
        while self.is_rest_day(day):
            day += timedelta(days=1)
        return day


def _days_of(item: object) -> list[date]:
    if isinstance(item, date):
        return [item]
    first, _, last = str(item).partition("/")
    start = date.fromisoformat(first)
    end = date.fromisoformat(last) if last else start
    if end < start:
        raise ValueError(f"{item} ends before it begins")
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def working_day_after(day: date, days: int, policy: "Policy") -> date:
    """Give the day that is so many working days after ``day``, which itself does not count.

    Without days: ``day``, or the next one that is worked.
    """
    calendar = policy.calendar
    day = calendar.next_working_day(day) if days == 0 else day
    for _ in range(days):
        day = calendar.next_working_day(day + timedelta(days=1))
    return day


def last_day(start: date, days: int, policy: "Policy") -> date:
    """Give the last day of a period for sending goods back, counted from the day after ``start``.

    Where the policy says so, a period that would end on a rest day ends on the next working day
    (PRC Civil Code, article 203).
    """
    end = start + timedelta(days=days)
    return policy.calendar.next_working_day(end) if policy.returns.rest_days_extend else end


def months_after(day: date, count: int) -> date:
    """Give the same day some months later; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
