"""Trains plain Rasa on our own data, once per state of it."""

import hashlib
import sys
from pathlib import Path

from bot.supervisor.preparation import Step, run_step
from bot.training import MODELS, ROOT, rasa_environment

CONFIG = Path("bench/plain_rasa/config.yml")
_SOURCES = (CONFIG, Path("domain"), Path("data"))


def model_path() -> Path:
    """Where the model of the present sources is, or will be."""
    digest = hashlib.sha256()
    for source in _SOURCES:
        path = ROOT / source
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(ROOT)).encode())
                digest.update(file.read_bytes())
    return MODELS / f"plain-{digest.hexdigest()[:12]}.tar.gz"


async def train_if_needed() -> Path:
    """The model; trained now, which takes minutes, unless it is there.

    Raises:
        PreparationFailed: with the last lines of the training's log.
    """
    model = model_path()
    if not (ROOT / model).exists():
        command = [
            *(sys.executable, "-m", "rasa", "train", "--skip-validation"),
            *("--config", str(CONFIG), "--domain", "domain", "--data", "data"),
            *("--out", str(model.parent), "--fixed-model-name", model.name[: -len(".tar.gz")]),
        ]
        log = ROOT / "var" / "log" / "plain-rasa-train.log"
        await run_step(Step("training plain Rasa", command, rasa_environment(), log))
    return model
