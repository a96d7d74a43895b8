"""The pipeline learns a foreign set, from nothing but that set."""

from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

from bot.evaluation import pipeline
from bot.evaluation.__main__ import main
from bot.evaluation.errors import EvaluationError
from bot.evaluation.pipeline import Labels
from bot.evaluation.scores import Outcome

# Labels as other people choose them: with Rasa's mark for sub-intents, and names that we have too.
LEARNT = {
    "flights/book": [
        "book me a flight to Oslo",
        "I need a plane ticket to Rome",
        "reserve two seats on the morning flight",
        "fly me to Lisbon on Monday",
        "get a flight ticket for my brother",
        "I would like to book a flight home",
        "one way flight to Paris please",
        "find a cheap flight and book it",
    ],
    "weather": [
        "will it rain tomorrow",
        "how cold is it outside",
        "what is the weather like in Bergen",
        "is it sunny today",
        "weather forecast for the weekend",
        "do I need an umbrella, is rain coming",
        "temperature tonight",
        "how much snow will fall",
    ],
    "chitchat": [
        "play some jazz",
        "turn the music up",
        "next song please",
        "put on my running playlist",
        "play the new album again",
        "stop the music",
        "skip this song",
        "music for dinner please",
    ],
    "订餐": [
        "帮我订个位子吃晚饭",
        "附近有什么好吃的餐厅",
        "订一桌四个人的",
        "今晚想吃火锅，订位",
        "餐厅几点有位子",
        "给我留个靠窗的桌子吃饭",
        "取消今晚的订位",
        "中午订餐厅，两个人",
    ],
    "out_of_scope": [
        "wake me up at seven",
        "set an alarm for six thirty",
        "alarm every weekday at eight",
        "cancel my alarm",
        "set a timer for ten minutes",
        "remind me with an alarm at noon",
        "snooze the alarm",
        "is my alarm on for tomorrow morning",
    ],
}
NOBODYS = [
    "who wrote this poem",
    "sell my old bicycle",
    "translate cat into Latin",
    "my tooth hurts badly",
    "how many bones has a hand",
    "tell the bank to block my card",
]
TESTED = {
    "flights/book": ["book a flight to Rome please", "I need a flight ticket home"],
    "weather": ["is it cold today, will it rain", "what is the weather like tomorrow"],
    "chitchat": ["play the next song please", "turn the music up again"],
    "订餐": ["帮我订一桌今晚吃饭", "附近餐厅有位子吗"],
    "out_of_scope": ["set an alarm for eight", "cancel the alarm at six"],
    "no-idea": ["my poem about a bicycle", "how many cats has a bank"],
}


def labelled(texts: Dict[str, List[str]]) -> List[Dict[str, Any]]:
    return [
        {"id": f"{label}-{number}", "text": text, "intent": label}
        for label, listed in texts.items()
        for number, text in enumerate(listed)
    ]


def test_a_foreign_set_is_learnt_and_its_labels_come_back(
    jsonl: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train = jsonl(labelled({**LEARNT, "no-idea": NOBODYS}), "train.jsonl")
    test = jsonl(labelled(TESTED), "test.jsonl")
    # Nothing may be left behind where it was called.
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    figures = pipeline.measure(train, test, "no-idea")
    assert list((tmp_path / "here").iterdir()) == []
    assert {"in_scope", "oos_recall", "overall", "threshold", "train_s"} <= set(figures)
    assert (figures["n"], figures["train_n"]) == (12, 46)
    assert {row["predicted"] for row in figures["rows"]} <= set(TESTED)
    assert set(figures["by_intent"]) == set(TESTED)
    assert 0 < figures["threshold"] < 1 and figures["train_s"] < 60
    # Forty examples teach little; by chance it would be a sixth.
    assert figures["in_scope"] >= 0.5
    assert figures["oos_recall"] >= 0.5


def test_odd_texts_are_learnt_and_read_as_well(jsonl: Callable[..., Path]) -> None:
    odd = ["half \ud83d", "\x00", "/restart", "[a](b)", "\u202e\u200f", "长" * 10_000, ""]
    texts = {"weather": LEARNT["weather"], "chitchat": LEARNT["chitchat"], "no-idea": odd}
    path = jsonl(labelled(texts))
    figures = pipeline.measure(path, path, "no-idea")
    # An empty text teaches nothing; it is understood like any other.
    assert (figures["train_n"], figures["n"]) == (22, 23)


def test_labels_are_numbers_inside_but_for_the_one_of_foreign_matters() -> None:
    labels = Labels(["b/c", "out_of_scope", "a", "a", "none"], "none")
    assert labels.inside == {
        "a": "intent_0",
        "b/c": "intent_1",
        "out_of_scope": "intent_2",
        "none": "out_of_scope",
    }
    assert [labels.outside(name) for name in ("intent_2", "out_of_scope")] == [
        "out_of_scope",
        "none",
    ]


def test_shares_beside_ones_worked_out_by_hand() -> None:
    decided = [("a", "a"), ("a", "oos"), ("b", "a"), ("oos", "oos"), ("oos", "b"), ("oos", "oos")]
    outcomes = [Outcome("1", "", label, (), predicted, 0.5) for label, predicted in decided]
    figures = pipeline.report(outcomes, "oos")
    shares = ("in_scope", "oos_recall", "overall", "in_scope_rejected")
    assert [figures[name] for name in shares] == [0.3333, 0.6667, 0.5, 0.3333]
    assert figures["by_intent"]["oos"] == {"n": 3, "right": 0.6667, "taken_for": {"b": 1}}


def test_one_intent_is_nothing_to_learn(jsonl: Callable[..., Path]) -> None:
    train = jsonl(labelled({"weather": LEARNT["weather"], "no-idea": NOBODYS}), "train.jsonl")
    with pytest.raises(EvaluationError, match="not two intents"):
        pipeline.measure(train, train, "no-idea")


def test_a_bad_row_of_the_test_file_is_known_before_training(
    jsonl: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = jsonl(labelled(LEARNT), "train.jsonl")
    test = jsonl([*labelled(TESTED), {"text": "no label"}], "test.jsonl")
    out = tmp_path / "report.json"
    command = ["pipeline", "--train", str(train), "--test", str(test), "--out", str(out)]
    assert main(command) == 2
    assert "test.jsonl:13: intent: field required" in capsys.readouterr().err
    assert not out.exists()
