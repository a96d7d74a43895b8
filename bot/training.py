"""Trains the assistant when its sources changed; `make train`, and the first `make run`."""

import hashlib
import logging
import os
import sys
from pathlib import Path
from typing import Dict, Iterator, List, Sequence

ROOT = Path(__file__).resolve().parents[1]
MODELS = Path("models")
# What a model is made from; a change in any of it makes another model.
_SOURCES = ("config.yml", "domain", "data", "bot/nlu", "requirements/run.txt")
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


def source_files(sources: Sequence[str] = _SOURCES) -> Iterator[Path]:
    """The files that a model is made from, in a fixed order."""
    for source in sources:
        path = ROOT / source
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (f for f in files if f.is_file() and "__pycache__" not in f.parts)


def model_path(name: str = "xiaoer", sources: Sequence[str] = _SOURCES) -> Path:
    """Where the model of the present sources is, or will be."""
    digest = hashlib.sha256()
    for file in source_files(sources):
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return MODELS / f"{name}-{digest.hexdigest()[:12]}.tar.gz"


def unfinished(model: Path) -> Path:
    """Under which name this process makes a model, which gets its own when it is whole."""
    return model.with_name(f"unfinished-{os.getpid()}-{model.name}")


def train_command(model: Path, *, config: str = "config.yml", validate: bool) -> List[str]:
    """Rasa's own training; a contradiction between rules and stories fails it."""
    return [
        *(sys.executable, "-m", "rasa", "train", "--domain", "domain", "--data", "data"),
        *("--config", config, "--out", str(model.parent)),
        *("--fixed-model-name", model.name[: -len(".tar.gz")]),
        *([] if validate else ["--skip-validation"]),
    ]


def rasa_environment() -> Dict[str, str]:
    """The environment in which Rasa runs quietly and finds our components."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", **_QUIET}


def quieten() -> None:
    """The same quiet for this process; before it imports Rasa."""
    os.environ.update(_QUIET)
    # Not a filter: libraries set filters of their own when they are imported.
    logging.captureWarnings(True)
