"""What an agent reads first: why this came, what it is about, and the shopper's own last words."""

from typing import Any, Dict, List

from bot.conversation.messages import SHOPPER, Numbered

MOST_QUOTED = 120
_TOLD = ("emotion", "topic", "order_number", "return_reason")


def summarise(reason: str, facts: Dict[str, Any], said: List[Numbered]) -> str:
    """One line of facts and a quotation; the console shows it beside the transcript.

    Args:
        reason: why the assistant handed over, a code.
        facts: what the dialogue found out, by name.
        said: the transcript so far, oldest first.
    """
    known = [str(facts[name]) for name in _TOLD if name in facts]
    words = [
        numbered.entry.text
        for numbered in said
        if numbered.entry.sender == SHOPPER and not numbered.entry.payload
    ]
    quoted = f"“{words[-1][:MOST_QUOTED]}”" if words else ""
    # A reason may be a fact as well.
    parts = dict.fromkeys([reason, *known, quoted])
    return " · ".join(part for part in parts if part)
