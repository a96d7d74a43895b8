"""Dialogues replayed against the running system, by the command that everybody calls."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest

from bot.training import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


def replayed(
    system: Any, folder: Path, rows: List[Dict[str, Any]], *more: str
) -> "Tuple[subprocess.CompletedProcess[str], Dict[str, Any]]":
    """The command's end and its report, which is empty when there is none."""
    dialogues, out = folder / "dialogues.jsonl", folder / "report.json"
    dialogues.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = [sys.executable, "-m", "bot.evaluation", "replay", "--dialogues", str(dialogues)]
    ended = subprocess.run(
        [*command, "--out", str(out), *more],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(system.data_dir)},
        capture_output=True,
        text=True,
    )
    return ended, json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}


def test_dialogues_get_a_transcript_and_a_verdict(system: Any, tmp_path: Path) -> None:
    track: Dict[str, Any] = {
        "id": "track",
        "customer": "C1001",
        "turns": ["你好", "帮我查下 XE20260001 的物流"],
        "expect": {
            "intents": ["greet", "track_order"],
            "end_state": {
                "orders": {"XE20260001": "shipped"},
                "returns": {"XE20260001": 0},
                "tickets": 0,
                "owner": "bot",
            },
        },
    }
    keep = {
        "id": "keep",
        "customer": "C1003",
        "turns": [
            "I want to return XE20260005",
            {"press": "All of them"},
            {"press": "Changed my mind"},
            {"press": "No, keep it"},
        ],
        "expect": {"intents": ["return_item"], "end_state": {"returns": {"XE20260005": 0}}},
    }
    person = {
        "id": "person",
        "customer": "C1004",
        "turns": ["转人工", "有人吗"],
        "expect": {"end_state": {"tickets": 1, "owner": "queued"}},
    }
    # What the dialogue before left behind is gone when the next one begins.
    anew = {**person, "id": "anew", "turns": ["谢谢"]}
    anew["expect"] = {"intents": ["thanks"], "end_state": {"tickets": 0, "owner": "bot"}}
    hoped = {
        "id": "hoped",
        "turns": ["转人工"],
        "expect": {
            "intents": ["track_order"],
            "end_state": {"orders": {"XE20260004": "cancelled"}, "refunds": {"XE20260004": "paid"}},
        },
    }
    lost = {"id": "lost", "customer": "C1004", "turns": [{"press": "a button that nobody showed"}]}
    ended, report = replayed(system, tmp_path, [track, keep, person, anew, hoped, lost])
    assert ended.returncode == 0, ended.stderr
    rows = report["rows"]
    right = {"no_error": True, "answered": True, "intents": True, "end_state": True}
    assert rows[0]["verdict"] == right and rows[1]["verdict"] == right, rows[:2]
    said = [(entry["from"], entry.get("intent")) for entry in rows[0]["transcript"]]
    assert said[0] == ("shopper", "greet") and ("shopper", "track_order") in said
    assert "XE20260001" in rows[0]["transcript"][-1]["text"]
    assert rows[2]["verdict"] == {**right, "intents": None}
    assert rows[2]["transcript"][0]["intent"] == "human_agent"
    assert rows[3]["verdict"] == right
    assert rows[4]["verdict"] == {**right, "intents": False, "end_state": False}
    assert rows[4]["found"]["end_state"] == {
        "orders": {"XE20260004": "paid"},
        "refunds": {"XE20260004": None},
    }
    assert rows[5]["verdict"] == {
        "no_error": False,
        "answered": True,
        "intents": None,
        "end_state": None,
    }
    assert [row["passed"] for row in rows] == [True] * 4 + [False] * 2
    assert (report["n"], report["passed"]) == (6, 4)
    assert "4 of 6" in ended.stdout and "hoped" in ended.stdout


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"turns": ["hi"], "expect": {"end_state": {"parcels": 1}}}, "expect.end_state.parcels"),
        ({"turns": ["hi"], "expect": {"mood": "good"}}, "expect.mood"),
        (
            {"turns": ["hi"], "expect": {"end_state": {"orders": {"XE20260001": "gone"}}}},
            "expect.end_state.orders.XE20260001",
        ),
        ({"turns": []}, "turns"),
        ({"turns": [{"say": "hi"}]}, "turns.0"),
    ],
)
def test_what_nobody_can_check_is_an_error_before_anything_is_said(
    system: Any, tmp_path: Path, row: Dict[str, Any], told: str
) -> None:
    ended, report = replayed(system, tmp_path, [{"turns": ["hello"]}, row])
    assert ended.returncode == 2 and report == {}
    assert f"dialogues.jsonl:2: {told}" in ended.stderr


def test_a_system_that_does_not_answer_is_an_error(
    system: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"customer": "C1004", "turns": ["hi"]}
    ended, report = replayed(system, tmp_path, [row], "--url", "http://127.0.0.1:9")
    assert ended.returncode == 2 and report == {}
    assert "nobody answers at http://127.0.0.1:9" in ended.stderr


def test_secrets_of_another_installation_are_an_error(
    system: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_JWT_SECRET", "another shop's secret, long enough for HS256")
    ended, report = replayed(system, tmp_path, [{"customer": "C1004", "turns": ["hi"]}])
    assert ended.returncode == 2 and report == {}
    assert "our token is not taken" in ended.stderr
