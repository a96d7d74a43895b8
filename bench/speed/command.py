"""`make bench`: runs it, writes the figures and the plots, prints the tables."""

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any, Dict

from bench import plots
from bench.doors import http_session
from bench.installation import UNLIMITED, installation
from bench.plain_rasa.training import train_if_needed
from bench.progress import Progress
from bench.speed import report
from bench.speed.run import Size, SpeedMeasurement

_MOST_SHOPPERS = 6_000


async def run(size: Size, folder: Path) -> None:
    """Measure, write `bench.json` and its plots into `folder`, print the tables."""
    tell = Progress()
    model = await train_if_needed()
    tell("plain Rasa is trained; starting our installation")
    async with contextlib.AsyncExitStack() as stack:
        target = await stack.enter_async_context(
            installation(GATEWAYS="2", ASSISTANTS="2", **UNLIMITED)
        )
        target.add_shoppers(_MOST_SHOPPERS)
        http = await stack.enter_async_context(http_session())
        measurement = SpeedMeasurement(size, target, http, tell)
        measurement.figures["ready_s"] = round(target.ready_s, 1)
        tell(f"our installation is ready after {target.ready_s:.0f} s")
        measurement.memory.start()
        await measurement.beside_plain_rasa(model)
        await measurement.in_a_crowd()
        await measurement.of_the_knowledge_base()
        await measurement.over_time()
    figures = {**measurement.figures, "seconds": round(tell.seconds)}
    figures["bars"] = [bar.view() for bar in report.bars(figures)]
    _write(measurement, figures, folder)
    print(f"\n{report.printed(figures)}\n")


def _write(measurement: SpeedMeasurement, figures: Dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    (folder / "bench.json").write_text(text + "\n", encoding="utf-8")
    plots.latencies(measurement.ours.seconds, measurement.plain.seconds, folder / "bench-turns.png")
    plots.growth(figures["growth"], folder / "bench-growth.png")
    samples = measurement.memory.samples
    names = sorted(samples[-1].own_mb)
    plots.memory(
        [sample.turns for sample in samples],
        {name: [sample.own_mb.get(name, 0.0) for sample in samples] for name in names},
        folder / "bench-memory.png",
    )
    measurement.tell(f"figures and plots are in {folder.name}/")


def main(size: Size, folder: Path) -> int:
    """Run it; 0 when it was measured."""
    asyncio.run(run(size, folder))
    return 0
