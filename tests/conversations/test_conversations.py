"""The stories beside this file, played through the trained model by Rasa itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.training import ROOT, model_path, rasa_environment

STORIES = Path(__file__).parent


@pytest.mark.timeout(600)
def test_every_conversation_goes_as_it_is_written(tmp_path: Path) -> None:
    environment = rasa_environment()
    if not (ROOT / model_path()).exists():
        subprocess.run([sys.executable, "-m", "bot", "train"], cwd=ROOT, check=True)
    command = [
        *(sys.executable, "-m", "rasa", "test", "core"),
        *("--stories", str(STORIES.relative_to(ROOT)), "--fail-on-prediction-errors"),
        *("--model", str(model_path()), "--out", str(tmp_path)),
    ]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    failed = tmp_path / "failed_test_stories.yml"
    told = failed.read_text(encoding="utf-8") if failed.exists() else ""
    assert ended.returncode == 0, f"{told}\n{ended.stdout[-3000:]}"
    written = sum(
        path.read_text(encoding="utf-8").count("- story: ") for path in STORIES.glob("test_*.yml")
    )
    # `rasa test` passes as well when it finds no stories at all.
    assert f"Evaluating {written} stories" in ended.stdout
