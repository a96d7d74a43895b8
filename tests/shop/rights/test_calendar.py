"""Working days around China's holidays of 2026, and the ends of periods."""

from datetime import date

import pytest

from shop.rights.calendar import last_day, months_after, working_day_after
from shop.rights.policy_book import load_policies

POLICY = load_policies().versions[0]
ABROAD = load_policies("international").versions[0]


@pytest.mark.parametrize(
    ("day", "rests"),
    [
        ("2026-02-13", False),
        ("2026-02-14", False),  # a Saturday that is worked before Spring Festival
        ("2026-02-15", True),
        ("2026-02-18", True),
        ("2026-02-23", True),
        ("2026-02-28", False),
        ("2026-10-01", True),
        ("2026-10-08", False),
        ("2026-10-10", False),
        ("2026-11-21", True),
        ("2026-11-23", False),
    ],
)
def test_holidays_and_make_up_days_are_known(day, rests):
    assert POLICY.calendar.is_rest_day(date.fromisoformat(day)) is rests


@pytest.mark.parametrize(
    ("day", "days", "then"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # from Friday
        ("2026-11-21", 1, "2026-11-23"),  # from Saturday
        ("2026-11-21", 0, "2026-11-23"),
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-20", 7, "2026-12-01"),
        ("2026-02-12", 3, "2026-02-24"),  # 13th, the worked Saturday, then nine days off
        ("2026-09-30", 3, "2026-10-10"),  # 8th, 9th, the worked Saturday
    ],
)
def test_working_days_are_counted_over_holidays(day, days, then):
    assert working_day_after(date.fromisoformat(day), days, POLICY) == date.fromisoformat(then)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-02", "2026-11-09"),
        ("2026-11-01", "2026-11-09"),  # the 8th is a Sunday
        ("2026-10-31", "2026-11-09"),  # the 7th is a Saturday
        ("2026-02-08", "2026-02-24"),  # the 15th begins the holidays
        ("2026-02-07", "2026-02-14"),  # a Saturday that is worked
        ("2026-09-24", "2026-10-08"),
    ],
)
def test_a_period_does_not_end_on_a_rest_day(start, end):
    assert last_day(date.fromisoformat(start), 7, POLICY) == date.fromisoformat(end)


def test_abroad_a_period_ends_when_it_ends():
    assert last_day(date(2026, 11, 1), 7, ABROAD) == date(2026, 11, 8)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2026-11-02", 12, "2027-11-02"),
        ("2026-12-15", 24, "2028-12-15"),
    ],
)
def test_months_end_with_the_month_where_it_is_shorter(day, months, then):
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(then)
