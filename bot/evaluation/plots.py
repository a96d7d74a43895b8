"""A page of plots beside the figures, as PNG."""

from collections import Counter
from pathlib import Path
from typing import Any, Dict, Sequence

from matplotlib.figure import Figure

from bot.evaluation.scores import Outcome

_OURS, _IDEAL = "#1b7f5c", "#8a8f98"


def understanding(outcomes: Sequence[Outcome], figures: Dict[str, Any], path: Path) -> None:
    """Confusion matrix, calibration curve, and coverage against accuracy of decisions."""
    # Without pyplot: that would look for a screen, and keep every figure until the end.
    figure = Figure(figsize=(16.0, 10.0))
    grid = figure.add_gridspec(2, 2, width_ratios=(1.7, 1.0))
    _confusion(figure.add_subplot(grid[:, 0]), outcomes)
    _calibration(figure.add_subplot(grid[0, 1]), figures)
    _coverage(figure.add_subplot(grid[1, 1]), figures)
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def _confusion(axes: Any, outcomes: Sequence[Outcome]) -> None:
    names = sorted({o.intent for o in outcomes} | {o.counted for o in outcomes})
    pairs = Counter((o.intent, o.counted) for o in outcomes)
    totals = Counter(o.intent for o in outcomes)
    shares = [[pairs[row, column] / (totals[row] or 1) for column in names] for row in names]
    axes.imshow(shares, cmap="Greens", vmin=0, vmax=1)
    for y, row in enumerate(names):
        for x, column in enumerate(names):
            if pairs[row, column]:
                colour = "white" if shares[y][x] > 0.6 else "black"
                axes.text(x, y, pairs[row, column], ha="center", va="center", size=6, color=colour)
    places = range(len(names))
    axes.set_xticks(places, names, rotation=90, fontsize="small")
    axes.set_yticks(places, names, fontsize="small")
    axes.set(xlabel="decided", ylabel="is", title="Messages by intent; shade: share of the row")


def _calibration(axes: Any, figures: Dict[str, Any]) -> None:
    bins = figures["calibration"]
    axes.plot([0, 1], [0, 1], color=_IDEAL, ls="--", label="confidence that means what it says")
    confidences = [row["confidence"] for row in bins]
    axes.plot(confidences, [row["accuracy"] for row in bins], color=_OURS, marker="o", label="ours")
    for row in bins:
        place = (row["confidence"], row["accuracy"])
        axes.annotate(row["n"], place, xytext=(4, -10), textcoords="offset points", size=7)
    axes.legend(fontsize="small")
    title = f"Calibration; expected error {figures['ece']:.3f}; at the points: messages"
    _framed(axes, title, "confidence", "right (strict)")


def _coverage(axes: Any, figures: Dict[str, Any]) -> None:
    points = figures["coverage"]
    shares = [row["coverage"] for row in points]
    axes.plot(shares, [row["accuracy"] for row in points], color=_OURS, marker=".")
    _framed(axes, "The most confident decisions first", "share of all messages", "right (strict)")


def _framed(axes: Any, title: str, across: str, up: str) -> None:
    axes.set(title=title, xlabel=across, ylabel=up, xlim=(0, 1.02), ylim=(0, 1.02))
    axes.grid(alpha=0.3)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
