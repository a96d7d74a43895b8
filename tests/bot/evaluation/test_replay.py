"""Verdicts, without a system."""

from pathlib import Path
from typing import List, Optional

import pytest

from bot.evaluation import replay
from bot.evaluation.__main__ import main
from bot.evaluation.replay import understood


@pytest.mark.parametrize(
    ("wanted", "intents", "verdict"),
    [
        (["greet", "stock"], ["greet", "stock"], True),
        (["stock"], ["greet", "stock", "thanks"], True),
        (["stock", "greet"], ["greet", "stock"], False),
        (["stock", "stock"], ["stock"], False),
        (["out_of_scope"], ["chitchat"], True),
        (["chitchat"], ["out_of_scope"], False),
        # Nothing expected, or nothing that could be compared.
        ([], ["stock"], None),
        (["stock"], [], None),
    ],
)
def test_intents_in_their_order(
    wanted: List[str], intents: List[str], verdict: Optional[bool]
) -> None:
    assert understood(wanted, intents) is verdict


def test_without_a_running_system_it_says_how_to_start_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("REDIS_URL", raising=False)
    path = tmp_path / "dialogues.jsonl"
    path.write_text('{"turns": ["hi"]}\n')
    assert main(["replay", "--dialogues", str(path)]) == 2
    assert "make run" in capsys.readouterr().err


def test_the_failed_ones_are_listed() -> None:
    verdict = {"no_error": True, "answered": False, "intents": None, "end_state": False}
    rows = [{"id": "a", "passed": False, "verdict": verdict}, {"id": "b", "passed": True}]
    printed = replay.printed({"n": 2, "passed": 1, "rows": rows})
    assert "answered, end_state" in printed and "1 of 2" in printed
