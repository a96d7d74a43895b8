from datetime import date, datetime, timedelta
from typing import List

import pytest

from bot.nlu.entities.holidays import find_holidays

# A new moon, and the mean time from one to the next (Meeus, Astronomical Algorithms).
NEW_MOON = datetime(2000, 1, 6, 18, 14)
MONTH = timedelta(days=29.530588861)


def days_of(name: str, years: range) -> List[date]:
    # Asked on the last day of each year, the latest one is that year's.
    spans = [span for year in years for span in find_holidays(name, date(year, 12, 31))]
    return [date.fromisoformat(span.value) for span in spans]


def age_of_moon(day: date) -> timedelta:
    """Since the mean new moon, at noon in Beijing; the true one is up to 14 hours away."""
    return (datetime(day.year, day.month, day.day, 4) - NEW_MOON) % MONTH


@pytest.mark.parametrize(
    ("name", "month", "age"),
    [("春节", (1, 2), 0), ("端午", (5, 6), 4), ("七夕", (8, 8), 6), ("中秋", (9, 10), 14)],
)
def test_lunar_festivals_lie_on_their_day_of_the_moon(
    name: str, month: "tuple[int, int]", age: int
) -> None:
    days = days_of(name, range(2024, 2029))
    assert [day.year for day in days] == [2024, 2025, 2026, 2027, 2028]
    for day in days:
        assert month[0] <= day.month <= month[1]
        distance = (age_of_moon(day) - timedelta(days=age) + MONTH / 2) % MONTH - MONTH / 2
        assert abs(distance) < timedelta(days=1.5), day


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("thanksgiving", 2026, "2026-11-26"),
        ("black friday", 2025, "2025-11-28"),
        ("cyber monday", 2026, "2026-11-30"),
        ("母亲节", 2026, "2026-05-10"),
        ("father's day", 2026, "2026-06-21"),
        ("除夕", 2026, "2026-02-16"),
        ("元宵节", 2026, "2026-03-03"),
        ("double 11", 2026, "2026-11-11"),
        ("christmas eve", 2026, "2026-12-24"),
        ("new year's eve", 2026, "2026-12-31"),
    ],
)
def test_a_holiday_is_the_day_of_its_year(name: str, year: int, day: str) -> None:
    assert [found.isoformat() for found in days_of(name, range(year, year + 1))] == [day]


@pytest.mark.parametrize("name", ["5618", "二十一", "十一件", "节日快乐"])
def test_a_part_of_something_else_is_no_holiday(name: str) -> None:
    assert days_of(name, range(2026, 2027)) == []
