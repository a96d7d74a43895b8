"""Trains plain Rasa on our own data, once per state of it."""

from pathlib import Path

from bot import training
from bot.supervisor.preparation import Step, run_step
from bot.training import ROOT, rasa_environment, train_command, unfinished

CONFIG = "bench/plain_rasa/config.yml"
_SOURCES = (CONFIG, "domain", "data")


def model_path() -> Path:
    """Where the model of the present sources is, or will be."""
    return training.model_path("plain", _SOURCES)


async def train_if_needed() -> Path:
    """The model; trained now, which takes minutes, unless it is there.

    Raises:
        PreparationFailed: with the last lines of the training's log.
    """
    model = model_path()
    if not (ROOT / model).exists():
        made = unfinished(model)
        command = train_command(made, config=CONFIG, validate=False)
        log = ROOT / "var" / "log" / "plain-rasa-train.log"
        await run_step(
            Step("training plain Rasa", command, rasa_environment(), log, makes=made, place=model)
        )
    return model
