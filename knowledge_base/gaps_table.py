"""Gaps for the terminal and as JSON."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from dataclasses import asdict
from typing import Any, Sequence

from knowledge_base.gaps import Gap

NOTHING = "Nothing was asked in vain."
_EXAMPLES = 3
_SAID = {
    "unanswered": "unanswered",
    "offered": "offered, none taken",
    "voted_down": "voted down",
    "corrected": "corrected",
}


def gaps_table(gaps: Sequence[Gap]) -> str:
    """A line for a gap, and below it examples, how it went, and what agents said is right."""
    if not gaps:
        return NOTHING
    head = ["id", "asked by", "last", "", "question", "nearest article now"]
    rows = [_cells(gap) for gap in gaps]
    widths = [max(_width(row[n]) for row in [head, *rows]) for n in range(len(head))]
    lines = [_line(head, widths), "  ".join("─" * width for width in widths)]
    indent = " " * (sum(widths[:4]) + 8)
    for gap, row in zip(gaps, rows):
        lines.append(_line(row, widths))
        lines += [f"{indent}{detail}" for detail in _details(gap)]
    return "\n".join(lines)


def gaps_json(gaps: Sequence[Gap]) -> str:
    """All that is known of each gap, but the rows of the journal."""
    return json.dumps([_view(gap) for gap in gaps], ensure_ascii=False, indent=2)


def _cells(gap: Gap) -> list[str]:
    near = "none"
    if gap.nearest:
        home = f" ({gap.nearest.language})" if gap.nearest.language != gap.language else ""
        near = f"{gap.nearest.score:.2f} {gap.nearest.id}{home}, {gap.now}"
    last = gap.last_asked.date().isoformat()
    return [gap.id, str(gap.asked_by), last, gap.language, gap.question, near]


def _details(gap: Gap) -> list[str]:
    told = [f"{_SAID[kind]} {count}" for kind, count in Counter(gap.kinds).most_common()]
    found = [f"· {text}" for text in gap.examples[:_EXAMPLES]]
    if len(gap.examples) > _EXAMPLES:
        found.append(f"· … {len(gap.examples) - _EXAMPLES} more")
    found.append(f"  {', '.join(told)}")
    articles = Counter(gap.right_articles).most_common()
    found += [f"  agents: {article} ({count})" for article, count in articles]
    found += [f"  agents: “{' '.join(text.split())}”" for text in gap.right_texts]
    return found


def _view(gap: Gap) -> dict[str, Any]:
    view = asdict(gap)
    del view["rows"]
    return {**view, "last_asked": gap.last_asked.isoformat(), "nearest": _nearest(gap)}


def _nearest(gap: Gap) -> dict[str, Any] | None:
    return asdict(gap.nearest) if gap.nearest else None


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths)]
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """In columns: most Chinese characters take two, those that join the last one none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
