"""`make chaos`: runs it, writes the figures and the plot, prints the table."""

import asyncio
import json
from pathlib import Path
from typing import List, Tuple

from bench import plots
from bench.chaos import report
from bench.chaos.run import Outcome, against_ours
from bench.chaos.talk import Size
from bench.progress import Progress


def main(size: Size, folder: Path, *, seed: int) -> int:
    """Run it against our installation; 1 if anything failed."""
    tell = Progress()
    logs = folder / "chaos-logs"
    found = asyncio.run(against_ours(size, seed=seed, tell=tell, logs=logs))
    figures = {**found.report, "seed": seed, "seconds": round(tell.seconds)}
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    (folder / "chaos.json").write_text(text + "\n", encoding="utf-8")
    plots.timeline(*_timeline(found), folder / "chaos.png")
    print(f"\n{report.printed(figures)}\n")
    if found.failures:
        print(f"  The processes' logs of this run are in {logs}.")
    return 1 if found.failures else 0


def _timeline(found: Outcome) -> Tuple[List[Tuple[float, float]], List[Tuple[float, str]]]:
    answers = [
        (message.answered_at - found.talk.began, message.answered_at - message.sent_at)
        for message in found.talk.messages
        if message.answered_at is not None
    ]
    return answers, [(kill.at - found.talk.began, kill.part) for kill in found.faults.kills]
