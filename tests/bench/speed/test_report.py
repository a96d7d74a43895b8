"""The report has the contract's fields, and its table marks what is missed."""

from typing import Any, Dict

from bench.speed import report
from bench.speed.load import Load


def figures() -> Dict[str, Any]:
    """A run in which every bar is reached."""
    ours, plain = Load([0.01] * 100, elapsed=1.0), Load([0.1] * 10, elapsed=1.0)
    many = Load([0.1] * 100, elapsed=1.1)
    grown = {"turn5_p50_ms": 10.0, "turn200_p50_ms": 10.0, "ratio": 1.0, "errors": 0}
    drift = {"warm_mb": 80.0, "end_mb": 81.0, "drift_percent": 1.3}
    return {
        "turns": report.turns(ours, plain),
        "growth": {"ours": grown, "ours_fifth_session": grown, "plain_rasa": grown},
        "crowd": report.crowd(ours, many, sizes=(8, 400)),
        "knowledge": {"passages": 700, "p50_ms": 2.0, "p95_ms": 3.0},
        "memory": {
            "errors": 0,
            "processes": {"gateway": drift, "redis": {**drift, "drift_percent": 40.0}},
        },
        "rss_mb": {"gateway": 90},
        "ready_s": 25.0,
    }


def test_it_has_what_the_contract_names() -> None:
    found = figures()
    assert {"ours", "plain_rasa", "ratio_per_second", "ratio_p95"} <= set(found["turns"])
    assert {"per_second", "p50_ms", "p95_ms", "errors"} <= set(found["turns"]["ours"])
    assert {"8", "400"} <= set(found["crowd"])
    assert (found["turns"]["ratio_per_second"], found["turns"]["ratio_p95"]) == (10.0, 0.1)


def test_all_bars_are_reached_and_what_redis_keeps_is_no_leak() -> None:
    bars = report.bars(figures())
    assert [bar.name for bar in bars if not bar.reached] == []
    assert "memory of redis" not in [bar.name for bar in bars]
    assert "MISSED" not in report.printed(figures())


def test_each_bar_can_be_missed() -> None:
    slow = Load([0.1] * 10, ["turn 3"], elapsed=1.0)
    found = figures()
    found["turns"] = report.turns(slow, Load([0.1] * 10, elapsed=1.0))
    found["crowd"] = report.crowd(slow, Load([0.1] * 4 + [9.0], elapsed=10.0), sizes=(8, 400))
    for row in found["growth"].values():
        row["ratio"] = 1.2
    found["memory"]["processes"]["gateway"] = {"drift_percent": 5.1}
    assert [bar.name for bar in report.bars(found) if bar.reached] == []
    assert report.printed(found).count("MISSED") == len(report.bars(found))
