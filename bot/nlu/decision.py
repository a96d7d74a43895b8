"""What the assistant makes of an understood message: one intent, or that it is none of its own."""

from typing import Any, Dict, Text, Tuple

_OUT_OF_SCOPE = "out_of_scope"
# What Rasa calls a message that no intent is likely enough for.
_FALLBACK = "nlu_fallback"


def decided(parsed: Dict[Text, Any]) -> Tuple[Text, float]:
    """The intent that the assistant goes on with and its confidence; a fallback is `out_of_scope`.

    Args:
        parsed: a parsed message: `intent` and `intent_ranking` with `name` and `confidence`.
    """
    intent = parsed["intent"]
    if intent["name"] not in (None, _FALLBACK):
        return str(intent["name"]), float(intent["confidence"])
    # The fallback itself carries the threshold; how likely the best intent was tells more.
    others = (ranked for ranked in parsed.get("intent_ranking", []) if ranked["name"] != _FALLBACK)
    return _OUT_OF_SCOPE, float(next(others, intent)["confidence"])
