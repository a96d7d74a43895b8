"""Pictures beside the figures, as PNG."""

from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

from matplotlib.figure import Figure

_OURS, _PLAIN = "#1b7f5c", "#8a8f98"
_PARTS = {
    "gateway": "#c44536",
    "assistant": "#3066be",
    "actions": "#d68c1f",
    "knowledge": "#8e5aa8",
    "redis": "#222222",
}
_WIDTH = 9.0


def latencies(ours: Sequence[float], plain: Sequence[float], path: Path) -> None:
    """How many of the turns were answered within which time (seconds given, log scale)."""
    figure, axes = _axes(4.5)
    for seconds, name, colour in ((plain, "plain Rasa", _PLAIN), (ours, "ours", _OURS)):
        ordered = sorted(1000 * second for second in seconds)
        shares = [100 * (n + 1) / len(ordered) for n in range(len(ordered))]
        axes.plot(ordered, shares, color=colour, label=name)
    axes.set(xscale="log", xlabel="answered within, ms", ylabel="of the turns, %", ylim=(0, 100))
    axes.legend()
    _save(figure, axes, "8 shoppers at once, 12 turns each", path)


def growth(rows: Dict[str, Dict[str, Any]], path: Path) -> None:
    """Turn 5 and turn 200 of each system."""
    figure, axes = _axes(3.0)
    names = [name.replace("_", " ") for name in rows]
    for shift, key, colour in ((0.2, "turn5_p50_ms", _PLAIN), (-0.2, "turn200_p50_ms", _OURS)):
        places = [n + shift for n in range(len(names))]
        bars = axes.barh(places, [row[key] for row in rows.values()], height=0.38, color=colour)
        axes.bar_label(bars, fmt="%.0f", padding=3)
        bars.set_label("turn 5" if "5_" in key else "turn 200")
    axes.set(yticks=range(len(names)), yticklabels=names, xscale="log", xlabel="p50, ms")
    axes.margins(x=0.1)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    _save(figure, axes, "The same question early and late in a conversation", path)


def passages(rows: Sequence[Dict[str, Any]], path: Path) -> None:
    """A question's time over the size of the knowledge base."""
    figure, axes = _axes(4.0)
    sizes = [row["passages"] for row in rows]
    for key, colour in (("p95_ms", _PLAIN), ("p50_ms", _OURS)):
        axes.plot(sizes, [row[key] for row in rows], "o-", color=colour, label=key.split("_")[0])
    axes.set(xscale="log", xlabel="passages", ylabel="a question, ms", ylim=(0, None))
    axes.legend()
    _save(figure, axes, "One core, from the text to the articles", path)


def memory(turns: Sequence[int], megabytes: Dict[str, List[float]], path: Path) -> None:
    """Each process's own memory over the answered turns."""
    figure, axes = _axes(4.5)
    for name, values in megabytes.items():
        axes.plot(turns[-len(values) :], values, label=name)
    axes.set(xlabel="answered turns", ylabel="own memory, MB", ylim=(0, None))
    axes.legend(fontsize="small", ncol=2)
    _save(figure, axes, "Memory", path)


def timeline(
    answers: Sequence[Tuple[float, float]], kills: Sequence[Tuple[float, str]], path: Path
) -> None:
    """Answers (moment, waited) a second and how long each took, with the kills (moment, part)."""
    figure = Figure(figsize=(_WIDTH, 6.0))
    rate, waits = figure.subplots(2, 1, sharex=True)
    moments = [moment for moment, _ in answers]
    end = max([*moments, *(moment for moment, _ in kills)], default=1.0)
    rate.hist(moments, bins=max(1, int(end)), range=(0, end), color=_OURS)
    rate.set(ylabel="answers a second")
    waits.scatter(moments, [seconds for _, seconds in answers], s=6, color=_OURS)
    waits.set(yscale="log", ylabel="waited, s", xlabel="seconds since the beginning")
    for part, colour in _PARTS.items():
        for number, moment in enumerate(moment for moment, killed in kills if killed == part):
            for axes in (rate, waits):
                axes.axvline(moment, color=colour, lw=1, label=None if number else part)
    rate.legend(fontsize="small", ncol=len(_PARTS), loc="upper center", bbox_to_anchor=(0.5, -0.02))
    waits.grid(alpha=0.3)
    _save(figure, rate, "Answers while parts are killed (lines)", path)


def _axes(height: float) -> "tuple[Figure, Any]":
    # Without pyplot: that would look for a screen, and keep every figure until the end.
    figure = Figure(figsize=(_WIDTH, height))
    return figure, figure.subplots()


def _save(figure: Figure, axes: Any, title: str, path: Path) -> None:
    axes.set_title(title)
    axes.grid(alpha=0.3)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, dpi=120)
