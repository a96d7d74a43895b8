"""One intent, or that it is none of ours."""

from typing import Any, Dict, List, Tuple

import pytest

from bot.nlu.decision import decided


def parsed(*ranking: Tuple[Any, float]) -> Dict[str, Any]:
    ranked: List[Dict[str, Any]] = [{"name": n, "confidence": c} for n, c in ranking]
    return {"intent": ranked[0], "intent_ranking": ranked}


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        ([("stock", 0.8), ("invoice", 0.1)], ("stock", 0.8)),
        ([("out_of_scope", 0.8), ("invoice", 0.1)], ("out_of_scope", 0.8)),
        ([("nlu_fallback", 0.7), ("invoice", 0.2)], ("out_of_scope", 0.7)),
        ([("other_language", 1.0)], ("out_of_scope", 1.0)),
        ([("nlu_fallback", 1.0)], ("out_of_scope", 1.0)),
        ([(None, 0.0)], ("out_of_scope", 0.0)),
    ],
)
def test_what_is_decided(ranking: Any, expected: Tuple[str, float]) -> None:
    assert decided(parsed(*ranking)) == expected


def test_a_message_without_a_ranking_has_what_it_has() -> None:
    assert decided({"intent": {"name": "nlu_fallback", "confidence": 0.3}}) == ("out_of_scope", 0.3)
