"""The figures of a speed measurement: as JSON, as bars, as a table."""

from typing import Any, Dict, List

from bench.speed.load import Load
from bot.table import Bar, bars_table, table


def turns(ours: Load, plain: Load) -> Dict[str, Any]:
    """Both systems and how they compare."""
    mine, theirs = ours.summary(), plain.summary()
    return {
        "ours": mine,
        "plain_rasa": theirs,
        "ratio_per_second": _ratio(mine["per_second"], theirs["per_second"]),
        "ratio_p95": _ratio(mine["p95_ms"], theirs["p95_ms"]),
    }


def crowd(few: Load, many: Load, *, sizes: "tuple[int, int]") -> Dict[str, Any]:
    """Eight shoppers at once beside four hundred."""
    measured = {str(size): load.summary() for size, load in zip(sizes, (few, many))}
    slowest = measured[str(sizes[1])]
    return {
        **measured,
        "ratio_per_second": _ratio(many.per_second, few.per_second),
        "max_over_median": _ratio(slowest["max_ms"], slowest["p50_ms"]),
    }


def bars(report: Dict[str, Any]) -> List[Bar]:
    """What was promised, measured."""
    turns_, growth, crowd_ = report["turns"], report["growth"], report["crowd"]
    few, many = (crowd_[size] for size in crowd_ if size.isdigit())
    found = [
        Bar("turns a second, ours / plain Rasa", turns_["ratio_per_second"], least=8.0),
        Bar("p95, ours / plain Rasa", turns_["ratio_p95"], most=0.2),
        Bar("turn 200 / turn 5", growth["ours"]["ratio"], most=1.15),
        Bar("fifth session / first", growth["ours_fifth_session"]["ratio"], most=1.15),
        Bar("crowd / 8 shoppers, turns a second", crowd_["ratio_per_second"], least=0.8),
        Bar("crowd, longest wait / median", crowd_["max_over_median"], most=5.0),
    ]
    # What Redis keeps is the conversations themselves.
    drifts = {name: row for name, row in report["memory"]["processes"].items() if name != "redis"}
    found += [
        Bar(f"memory of {name}", row["drift_percent"], least=-5.0, most=5.0, unit=" %")
        for name, row in drifts.items()
    ]
    errors = turns_["ours"]["errors"] + few["errors"] + many["errors"]
    errors += growth["ours"]["errors"] + growth["ours_fifth_session"]["errors"]
    found.append(Bar("errors, ours", errors + report["memory"]["errors"], most=0))
    return found


def printed(report: Dict[str, Any]) -> str:
    """The tables for the terminal."""
    measured = {
        "plain Rasa, 8 shoppers": report["turns"]["plain_rasa"],
        "ours beside it, 8 shoppers": report["turns"]["ours"],
        **{
            f"ours alone, {size} shoppers": row
            for size, row in report["crowd"].items()
            if size.isdigit()
        },
    }
    columns = ["turns", "per_second", "p50_ms", "p95_ms", "max_ms", "errors"]
    speeds = [[name, *(row[column] for column in columns)] for name, row in measured.items()]
    ends = [
        [name.replace("_", " "), row["turn5_p50_ms"], row["turn200_p50_ms"], row["ratio"]]
        for name, row in report["growth"].items()
    ]
    return "\n\n".join(
        [
            table(["", "turns", "a second", "p50 ms", "p95 ms", "max ms", "errors"], speeds),
            table(["a conversation of 200 turns", "turn 5 ms", "turn 200 ms", "ratio"], ends),
            _others(report),
            bars_table(bars(report)),
        ]
    )


def _others(report: Dict[str, Any]) -> str:
    known = report["knowledge"]
    rows = [
        ["ready after", f"{report['ready_s']} s"],
        [f"a question among {known['passages']} passages", f"p95 {known['p95_ms']} ms"],
        ["memory of all processes", f"{sum(report['rss_mb'].values()):.0f} MB"],
    ]
    return table(["", "measured"], rows)


def _ratio(one: float, other: float) -> float:
    return round(one / other, 3) if other else 0.0
