"""Settings come from the environment, and reading them loads nothing heavy."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge_base.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWLEDGE_PORT", "9004")
    monkeypatch.setenv("ENCODER", "some/model")
    monkeypatch.setenv("DATA_DIR", "/srv/data")
    settings = Settings()
    assert (settings.port, settings.encoder) == (9004, "some/model")
    assert settings.index_root == Path("/srv/data/knowledge")
    assert settings.journal_path == Path("/srv/data/knowledge/questions.db")


@pytest.mark.parametrize("name", Settings.__fields__)
def test_every_setting_is_in_the_example(name: str) -> None:
    field = Settings.__fields__[name]
    example = (ROOT / ".env.example").read_text("utf-8")
    assert re.search(f"^{field.field_info.extra['env']}=", example, re.M)


def test_it_listens_on_loopback_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KNOWLEDGE_HOST", raising=False)
    assert Settings().host == "127.0.0.1"


@pytest.mark.parametrize(
    "module",
    [
        *("settings", "article", "answerer", "build", "index", "store", "evaluation"),
        *("importing.importer", "importing.word", "gate", "replay", "watch", "plots"),
        *("gap_commands", "journal"),
    ],
)
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = (
        f"import sys, knowledge_base.{module}; "
        "print({'torch', 'faiss', 'jieba', 'sentence_transformers'} & set(sys.modules))"
    )
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == "set()\n"
