"""What a parsed message counts as, once all components have spoken: an intent, and how sure.

The running assistant decides by the same names (data/rules); this says them in one place for
whoever measures.
"""

from typing import Any, Dict, Text, Tuple

from bot.nlu.intent_classifier import OUTSIDE, REJECTED
from bot.nlu.other_language import OTHER_LANGUAGE


def decided(parsed: Dict[Text, Any]) -> Tuple[Text, float]:
    """Intent and confidence; whatever belongs to no intent is `out_of_scope`.

    A message about which the assistant would ask back counts as its likelier reading.
    """
    intent = parsed.get("intent") or {}
    name = str(intent.get("name") or OUTSIDE)
    if name in (REJECTED, OTHER_LANGUAGE):
        name = OUTSIDE
    return name, float(intent.get("confidence") or 0.0)
