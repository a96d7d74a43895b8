"""The responses that the gateway and the desk say themselves, read from the same domain files.

Only the gateway knows that a queue position is true or that the assistant is down, so it says so;
the words are still in domain/<topic>.yml, where shop staff find all others.
"""

from pathlib import Path
from typing import Any, Dict, List

import yaml

from bot.conversation.language import write

DOMAIN = Path(__file__).resolve().parents[2] / "domain"


class Wording:
    """Responses by name, chosen by the slot condition on `language` as Rasa would."""

    def __init__(self, responses: Dict[str, List[Dict[str, Any]]]) -> None:
        self._responses = responses

    @classmethod
    def from_domain(cls, folder: Path = DOMAIN) -> "Wording":
        """Read the responses of all domain files."""
        responses: Dict[str, List[Dict[str, Any]]] = {}
        for path in sorted(folder.glob("*.yml")):
            content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            responses.update(content.get("responses") or {})
        return cls(responses)

    def say(self, name: str, language: str, **facts: Any) -> str:
        """The text of a response in a language and its script.

        Raises:
            KeyError: no such response, or it names a fact that was not given.
        """
        spoken = language.split("-")[0]
        variations = self._responses[name]
        chosen = next((v for v in variations if _condition(v) == spoken), None)
        if chosen is None:
            chosen = next(v for v in variations if _condition(v) is None)
        # Only our own words change script; a name is written as its owner writes it.
        return write(str(chosen["text"]), language).format(**facts)


def _condition(variation: Dict[str, Any]) -> Any:
    for condition in variation.get("condition") or []:
        if condition.get("name") == "language":
            return condition.get("value")
    return None
