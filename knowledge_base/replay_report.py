"""The report of a replay: whole as JSON, readable on request.

::

    <data>/knowledge/replay.json            the last replay, published or not
    <data>/knowledge/<digest>/replay.json   the one that published this index

What shoppers wrote stands in the journal alone, where it can be erased; a report has only the
moment at which it was asked.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Iterator, Mapping

from knowledge_base.journal import ANSWERED, OFFERED
from knowledge_base.replay import Change, Replay, Reply, Row
from knowledge_base.store import write_whole

REPORT = "replay.json"

_SHOWN = (Change.BETTER, Change.WORSE, Change.ANSWERS_NOW, Change.CHANGED, Change.GONE)


def report_of(replayed: Replay, **said: str) -> dict[str, Any]:
    """A replay as JSON can hold it.

    ``said`` are the digests ``before`` and ``after``; what the new index ``became``, and because of
    what that is ``worse``.
    """
    rows = [_row(row) for row in replayed.rows if row.change is not Change.SAME]
    return {
        "made_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        **said,
        "asked": len(replayed.rows),
        "frozen": asdict(replayed.frozen),
        "recent": asdict(replayed.recent),
        "questions": rows,
    }


def write_report(report: Mapping[str, Any], *folders: Path) -> None:
    """Write a report into each of the folders."""
    text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    for folder in folders:
        write_whole(folder / REPORT, text)


def read_report(root: Path) -> dict[str, Any]:
    """The last report; empty when there is none that can be read."""
    try:
        return dict(json.loads((root / REPORT).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def gone_articles(report: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Articles, as (language, id), that frozen questions ask for and that are no longer there."""
    return {
        (row["language"], row["right"])
        for row in report.get("questions", ())
        if row["change"] == Change.GONE.value and "text" in row
    }


def summary(replayed: Replay) -> str:
    """One line with figures alone: it goes into logs."""
    counts = [
        f"{sum(row.change is change for row in replayed.rows)} {change.value}" for change in _SHOWN
    ]
    return f"{len(replayed.rows)} questions asked of both: {', '.join(counts)}"


def readable(report: Mapping[str, Any], asked: Mapping[str, str]) -> Iterator[str]:
    """The lines of a report; ``asked`` gives a shopper's words for the moment they were asked."""
    yield f"{report['made_at']}: knowledge base {report['after']} after {report['before']}"
    yield f"{report['became']}{': ' * bool(report['worse'])}{report['worse']}"
    for name in ("frozen", "recent"):
        tally = report[name]
        if tally["known"]:
            first, second = (f"{tally[when] / tally['known']:.1%}" for when in ("before", "after"))
            yield f"{name} questions: of {tally['known']} right {first} → {second}"
    for change in _SHOWN:
        rows = [row for row in report["questions"] if row["change"] == change.value]
        if rows:
            yield f"\n{change.value} ({len(rows)})"
        for row in rows:
            text = row.get("text") or asked.get(row["asked_at"], "(erased, or too old)")
            yield f"  {text}"
            yield f"      {_told(row['before'])} → {_told(row['after'])}"


def _row(row: Row) -> dict[str, Any]:
    asked = row.question
    where = {"asked_at": asked.asked_at} if asked.asked_at else {"text": asked.text}
    return {
        "change": row.change.value,
        "language": asked.language,
        **where,
        "right": asked.right,
        "before": _reply(row.before),
        "after": _reply(row.after),
    }


def _reply(reply: Reply) -> dict[str, Any]:
    named = [{"id": each.id, "title": each.title} for each in reply.articles]
    return {"outcome": reply.outcome, "articles": named}


def _told(reply: Mapping[str, Any]) -> str:
    titles = " / ".join(f"{each['title']} [{each['id']}]" for each in reply["articles"])
    return {ANSWERED: titles, OFFERED: f"offered: {titles}"}.get(reply["outcome"], "no answer")
