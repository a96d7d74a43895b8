"""Figures that were reached once, and what has been lost since."""

import json
from pathlib import Path
from typing import Any, Dict, List

from bot.evaluation.errors import EvaluationError

# Share of a group's rows that may be lost; or one row, where that is more.
_MOST_LOST = 0.03
_GROUPS = ("by_lang", "by_intent")
_FIGURES = ("strict", "lenient")
# What the rounding of two shares can add up to.
_ROUNDING = 0.0005


def worth_keeping(report: Dict[str, Any]) -> Dict[str, Any]:
    """Of a report on intents: each language's and intent's rows, strict and lenient."""
    return {
        group: {
            name: {key: row[key] for key in ("n", *_FIGURES)} for name, row in report[group].items()
        }
        for group in _GROUPS
    }


def load(path: Path) -> Dict[str, Any]:
    """Recorded figures.

    Raises:
        EvaluationError: there are none, or they cannot be read.
    """
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path}: no recorded figures; write them with --record") from error


def losses(recorded: Dict[str, Any], report: Dict[str, Any]) -> List[str]:
    """A line for each language or intent that lost more than may be, or is on one side only."""
    lines = []
    for group in _GROUPS:
        before, after = recorded[group], report[group]
        for name in sorted({*before, *after}):
            if name not in before or name not in after:
                where = "measured" if name in after else "recorded"
                lines.append(f"{name}: only {where}; record the figures anew")
            else:
                lines += _lost(name, before[name], after[name])
    return lines


def _lost(name: str, before: Dict[str, Any], after: Dict[str, Any]) -> List[str]:
    allowed = max(_MOST_LOST, 1 / after["n"]) + _ROUNDING
    return [
        f"{name}: {figure} fell from {before[figure]:.1%} to {after[figure]:.1%}"
        for figure in _FIGURES
        if before[figure] - after[figure] > allowed
    ]
