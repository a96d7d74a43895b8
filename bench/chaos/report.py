"""The figures of a run: as JSON and as a table."""

from typing import Any, Dict, List, Sequence

from bench.chaos.client import Message
from bench.chaos.faults import Faults
from bench.chaos.verdict import KINDS, Failure
from bench.speed.load import Load
from bot.table import Bar, bars_table, table

_MOST_SHOWN = 20


def figures(
    messages: Sequence[Message],
    faults: Faults,
    failures: Sequence[Failure],
    tickets: Sequence[Dict[str, Any]],
) -> Dict[str, Any]:
    """The report on the messages that were sent; see the contract of `reports/chaos.json`."""
    messages = [message for message in messages if message.sent_at]
    counts = {kind: sum(failure.kind == kind for failure in failures) for kind in KINDS}
    waits = Load([m.answered_at - m.sent_at for m in messages if m.answered_at is not None])
    reasons = [str(ticket["reason"]) for ticket in tickets]
    return {
        "messages": len(messages),
        "conversations": len({message.shopper for message in messages}),
        "kills": faults.count(),
        **counts,
        "handed_over": sum(reason != "asked_for_person" for reason in reasons),
        "asked_for_person": reasons.count("asked_for_person"),
        "attempts": sum(message.attempts for message in messages),
        "not_settled": sum(message.answered_at is None for message in messages),
        "wait_s": {
            "p50": round(waits.quantile_ms(0.5) / 1000, 3),
            "p95": round(waits.quantile_ms(0.95) / 1000, 3),
            "max": round(waits.quantile_ms(1.0) / 1000, 3),
        },
        "rules": [
            "Every part is killed with SIGKILL at random moments, one in each stretch of the run.",
            "An assistant is killed only while the other one is ready; all other faults overlap.",
            "Conversations handed to a person because of a fault are in handed_over; "
            "their messages are kept for the person and are not lost.",
        ],
        "failures": [
            {"kind": failure.kind, "conversation": failure.conversation, "what": failure.what}
            for failure in failures[:_MOST_SHOWN]
        ],
    }


def printed(report: Dict[str, Any]) -> str:
    """The tables for the terminal."""
    rows: List[List[Any]] = [[f"killed {part}", times] for part, times in report["kills"].items()]
    rows += [
        ["messages", report["messages"]],
        ["conversations", report["conversations"]],
        ["attempts to deliver them", report["attempts"]],
        ["handed to a person because of a fault", report["handed_over"]],
        ["handed to a person who was asked for", report["asked_for_person"]],
        ["wait for the answer, p50 / p95 / max s", " / ".join(map(str, report["wait_s"].values()))],
    ]
    shown = [f"  {f['kind']}: {f['conversation']}: {f['what']}" for f in report["failures"]]
    bars = bars_table([Bar(kind.replace("_", " "), report[kind], most=0) for kind in KINDS])
    return "\n\n".join(
        [table(["what happened", ""], rows), bars, *(["\n".join(shown)] if shown else [])]
    )
