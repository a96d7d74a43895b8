"""The bars of our own figures."""

from typing import Any, Dict

from bot.evaluation.quality import bars


def figures(**more: Any) -> Dict[str, Any]:
    language = {"n": 10, "strict": 0.81, "lenient": 0.84}
    intents = {
        "by_lang": {"zh-Hans": language},
        "oos": {"n": 5, "recall": 0.8, "precision": 0.5},
        "in_scope_rejected": 0.0801,
        "ece": 0.051,
    }
    return {"intents": intents, **more}


def test_what_is_promised_is_reached_or_missed() -> None:
    assert {bar.name: bar.reached for bar in bars(figures())} == {
        "Chinese, strict": True,
        "Chinese, lenient": False,
        "out of scope, recall": True,
        "in scope, rejected": False,
        "expected calibration error": False,
    }


def test_entities_have_bars_where_they_were_measured() -> None:
    found = {"f1": 0.96, "by_entity": {"order_number": {"f1": 0.98}}}
    reached = {bar.name: bar.reached for bar in bars(figures(entities=found))}
    assert reached["entities, F1"] and not reached["order numbers, F1"]
    assert "order numbers, F1" not in [
        bar.name for bar in bars(figures(entities={**found, "by_entity": {}}))
    ]
