"""Reference day of all cases: 2026-11-18, a Wednesday."""

from datetime import date, timedelta
from typing import List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.entities.dates import find_dates
from bot.nlu.entities.span import without_overlaps
from bot.nlu.normaliser import normalise

TODAY = date(2026, 11, 18)


def found_in(text: str, today: date = TODAY) -> List[str]:
    folded = normalise(text).text
    return [span.value for span in without_overlaps(find_dates(folded, today), len(folded))]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("昨天买的", "2026-11-17"),
        ("昨晚下的单", "2026-11-17"),
        ("前天", "2026-11-16"),
        ("大前天", "2026-11-15"),
        ("今天能发吗", "2026-11-18"),
        ("明天到吗", "2026-11-19"),
        ("大后天", "2026-11-21"),
        ("上周三", "2026-11-11"),
        ("上個禮拜三", "2026-11-11"),
        ("上上周一", "2026-11-02"),
        ("这周五", "2026-11-20"),
        ("本周一", "2026-11-16"),
        ("下周一", "2026-11-23"),
        ("下星期天", "2026-11-29"),
        ("周一下的单", "2026-11-16"),
        ("周五买的", "2026-11-13"),
        ("周五前能到吗", "2026-11-20"),
        ("能周五送吗", "2026-11-20"),
        ("周三买的", "2026-11-11"),
        ("三天前", "2026-11-15"),
        ("10天以前", "2026-11-08"),
        ("两周前", "2026-11-04"),
        ("两个星期前", "2026-11-04"),
        ("半个月前", "2026-11-03"),
        ("一个月前", "2026-10-18"),
        ("半年前", "2026-05-18"),
        ("一年前", "2025-11-18"),
        ("三天后我就走了", "2026-11-21"),
        ("11月3号", "2026-11-03"),
        ("要是周五拍下什么时候到", "2026-11-20"),
        ("if I order on Friday, when will it come", "2026-11-20"),
        ("my birthday is on Saturday", "2026-11-21"),
        ("最晚礼拜四得到", "2026-11-19"),
        ("我要退3号那单", "2026-11-03"),
        ("11月3日下单", "2026-11-03"),
        ("十一月三号", "2026-11-03"),
        ("12月3号买的", "2025-12-03"),
        ("12月3号前能到吗", "2026-12-03"),
        ("去年12月3号", "2025-12-03"),
        ("2025年6月1日", "2025-06-01"),
        ("26年10月8号", "2026-10-08"),
        ("3号下的单", "2026-11-03"),
        ("20号的订单", "2026-10-20"),
        ("20号能到吗", "2026-11-20"),
        ("二十号前要", "2026-11-20"),
        ("上个月25号", "2026-10-25"),
        ("这个月1号", "2026-11-01"),
        ("下个月5号", "2026-12-05"),
        ("31号买的", "2026-10-31"),
        ("11.3号", "2026-11-03"),
        ("2026-11-03", "2026-11-03"),
        ("2026/9/5付款", "2026-09-05"),
        ("双十一", "2026-11-11"),
        ("雙11買的", "2026-11-11"),
        ("双12还有活动吗", "2026-12-12"),
        ("国庆买的", "2026-10-01"),
        ("去年双十一", "2025-11-11"),
        ("618的时候", "2026-06-18"),
        ("中秋买的月饼", "2026-09-25"),
        ("春节前能到吗", "2027-02-06"),
        ("元旦送到可以吗", "2027-01-01"),
        ("yesterday", "2026-11-17"),
        ("last night", "2026-11-17"),
        ("the day before yesterday", "2026-11-16"),
        ("tmrw pls", "2026-11-19"),
        ("last Tuesday", "2026-11-17"),
        ("last Wednesday", "2026-11-11"),
        ("this Friday", "2026-11-20"),
        ("next Monday", "2026-11-23"),
        ("next Friday", "2026-11-27"),
        ("Tuesday last week", "2026-11-10"),
        ("since Friday", "2026-11-13"),
        ("by Friday", "2026-11-20"),
        ("it came on Monday", "2026-11-16"),
        ("Monday's delivery", "2026-11-16"),
        ("will it be here on Sat?", "2026-11-21"),
        ("3 days ago", "2026-11-15"),
        ("a week ago", "2026-11-11"),
        ("two weeks ago", "2026-11-04"),
        ("a couple of days ago", "2026-11-16"),
        ("a month ago", "2026-10-18"),
        ("3 days from now", "2026-11-21"),
        ("on the 3rd", "2026-11-03"),
        ("by the 25th please", "2026-11-25"),
        ("ordered on the 25th", "2026-10-25"),
        ("Nov 3", "2026-11-03"),
        ("November 3rd", "2026-11-03"),
        ("on May 3", "2026-05-03"),
        ("3 Nov 2026", "2026-11-03"),
        ("the 3rd of November", "2026-11-03"),
        ("Nov. 3, 2025", "2025-11-03"),
        ("ordered Dec 3", "2025-12-03"),
        ("I need it by Dec 3", "2026-12-03"),
        ("11/03/2026", "2026-11-03"),
        ("25/10/2026", "2026-10-25"),
        ("03.11.2026", "2026-11-03"),
        ("before Christmas", "2026-12-25"),
        ("bought last Christmas", "2025-12-25"),
        ("any Black Friday deals", "2026-11-27"),
        ("Cyber Monday sale?", "2026-11-30"),
    ],
)
def test_a_day_is_resolved_to_the_one_that_is_meant(text: str, day: str) -> None:
    assert found_in(text) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "2月30日",
        "2月30号下单",
        "13月1号",
        "32号",
        "2026-02-30",
        "Feb 30",
        "31 June",
        "3号楼",
        "换大一号",
        "用了一个月后坏了",
        "签收7天后还能退吗",
        "文三路3号",
        "1号店",
        "38号",
        "七日无理由",
        "前几天",
        "这几天",
        "目前天气",
        "上周一直没人理",
        "一周三次",
        "周一到周五上班吗",
        "Monday to Friday",
        "every third one",
        "I may 3 times",
        "the 3rd one",
        "sun cream",
        "everyday",
        "sat on it",
        "12:30",
        "每月3号",
        "一百零八天",
        "三个月",
        "within 2 weeks",
        "a few days ago",
        "ninety-nine thousand fortnights ago",
        "three thousand years ago",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert found_in(text) == []


def test_several_days_are_found_in_their_order() -> None:
    assert found_in("3号下的单，16号才发") == ["2026-11-03", "2026-11-16"]
    assert found_in("今天都周三了") == ["2026-11-18", "2026-11-18"]
    assert found_in("today is Wednesday") == ["2026-11-18", "2026-11-18"]
    assert found_in("20号21号都可以") == ["2026-11-20", "2026-11-21"]
    assert found_in("ordered Oct 20, shipped yesterday") == ["2026-10-20", "2026-11-17"]


def test_a_leap_day_without_its_year_is_the_latest_one() -> None:
    assert found_in("2月29号买的") == ["2024-02-29"]


def test_a_month_before_its_last_day_is_the_shorter_months_last() -> None:
    assert found_in("一个月前", date(2026, 3, 31)) == ["2026-02-28"]


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.integers(0, 364))
def test_a_written_date_is_the_latest_such_day(today: date, ago: int) -> None:
    meant = today - timedelta(days=ago)
    if (meant.month, meant.day) == (2, 29) or (meant.month, meant.day) == (today.month, today.day):
        return
    assert found_in(f"{meant.month}月{meant.day}号", today) == [meant.isoformat()]
    assert found_in(f"ordered on {meant:%B} {meant.day}", today) == [meant.isoformat()]


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.integers(0, 6))
def test_a_weekday_is_found_in_the_week_that_is_named(today: date, number: int) -> None:
    monday = today - timedelta(days=today.weekday())
    name = "一二三四五六日"[number]
    for which, weeks in (("上", -1), ("这", 0), ("下", 1)):
        day = monday + timedelta(days=number, weeks=weeks)
        assert found_in(f"{which}周{name}", today) == [day.isoformat()]
