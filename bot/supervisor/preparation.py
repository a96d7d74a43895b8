"""What must be there before anything can start: model, index, shop; done once, told meanwhile."""

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional

from bot.settings import Settings
from bot.training import model_path, rasa_environment, train_command, unfinished

_TELL_EVERY = 10.0


class PreparationFailed(Exception):
    """A step failed; the message names its log."""


@dataclass(frozen=True)
class Step:
    """One thing to prepare, by a command of its own.

    What the command makes under another name (`makes`) gets its own (`place`) when it is whole: a
    file that a killed command left half written is never taken for the thing.
    """

    name: str
    command: List[str]
    env: Dict[str, str]
    log: Path
    makes: Optional[Path] = None
    place: Optional[Path] = None


def training_step(settings: Settings, *, validate: bool = False) -> Step:
    """Training, with Rasa's checks of the data first if wanted, which take as long again."""
    model = model_path()
    made = unfinished(model)
    command = train_command(made, validate=validate)
    log = settings.data_dir / "log" / "train.log"
    return Step("training the assistant", command, rasa_environment(), log, makes=made, place=model)


def steps(settings: Settings) -> List[Step]:
    """The steps that are still to be done."""
    logs = settings.data_dir / "log"
    environment = {**rasa_environment(), "DATA_DIR": str(settings.data_dir)}
    todo: List[Step] = []
    if not model_path().exists():
        todo.append(training_step(settings))
    if settings.is_demo:
        todo.append(_demo_shop(settings, environment, logs / "shop.log"))
    # Looks itself whether articles or examples changed, which takes no time when they did not.
    build = [sys.executable, "-m", "knowledge_base", "build"]
    encoder = {**environment, "ENCODER": settings.encoder}
    todo.append(Step("building the knowledge base", build, encoder, logs / "build.log"))
    return todo


def _demo_shop(settings: Settings, environment: Dict[str, str], log: Path) -> Step:
    """Seeded once; on later days its dates are moved, so that "yesterday" stays yesterday."""
    exists = (settings.data_dir / "shop.db").exists()
    command = [sys.executable, "-m", "shop", "refresh" if exists else "seed"]
    env = {**environment, "SHOP_DATABASE_URL": settings.shop_database}
    return Step(
        "moving the demo shop to today" if exists else "filling the demo shop", command, env, log
    )


async def prepare(settings: Settings) -> Path:
    """Do what is missing, side by side; returns the model's path.

    Raises:
        PreparationFailed: a step failed.
    """
    await asyncio.gather(*(run_step(step) for step in steps(settings)))
    return model_path()


async def run_step(step: Step) -> None:
    """Run one step, telling every few seconds that it still lasts.

    Raises:
        PreparationFailed: with the last lines of its log.
    """
    step.log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with open(step.log, "wb") as log:
        process = await asyncio.create_subprocess_exec(
            *step.command, env=step.env, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
        )
        waiting = asyncio.create_task(process.wait())
        try:
            while not waiting.done():
                await asyncio.wait({waiting}, timeout=_TELL_EVERY)
                if not waiting.done():
                    _tell(f"{step.name} … {time.monotonic() - started:.0f} s")
        finally:
            if process.returncode is None:
                process.terminate()
    if process.returncode:
        raise PreparationFailed(
            f"{step.name} failed; {step.log} ends with:\n{_last_lines(step.log)}"
        )
    if step.makes and step.place:
        os.replace(step.makes, step.place)
    _tell(f"{step.name}: done in {time.monotonic() - started:.0f} s")


def _last_lines(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    # Progress bars fill logs with lines that say nothing afterwards.
    telling = [line for line in lines if line.strip() and "it/s" not in line]
    return "\n".join(telling[-15:])


def _tell(text: str) -> None:
    print(f"  {text}", flush=True)
