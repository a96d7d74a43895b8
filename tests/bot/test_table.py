"""Tables are aligned, and a missed bar is marked."""

from bot.table import Bar, bars_table, table


def test_columns_stay_aligned_with_chinese_in_them() -> None:
    printed = table(["", "ms"], [["客服", 7], ["assistant", 120]]).splitlines()
    assert printed == [
        "              ms",
        "  ─────────  ───",
        "  客服         7",
        "  assistant  120",
    ]


def test_a_bar_is_reached_at_its_limit_and_missed_beyond() -> None:
    assert Bar("ratio", 8.0, least=8.0).reached
    assert not Bar("ratio", 7.99, least=8.0).reached
    assert Bar("drift", -5.0, least=-5.0, most=5.0).reached
    assert not Bar("drift", 5.1, least=-5.0, most=5.0).reached


def test_what_is_missed_can_be_seen() -> None:
    printed = bars_table([Bar("fast", 9.5, least=8.0), Bar("errors", 1, most=0, unit=" e")])
    fast, errors = printed.splitlines()[2:]
    assert fast.split() == ["fast", "9.5", "≥", "8", "ok"]
    assert errors.split() == ["errors", "1", "e", "≤", "0", "e", "MISSED"]
