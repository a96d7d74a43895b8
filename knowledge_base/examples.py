"""The assistant's training examples as plain text with a weak label; read at build time only.

They show how shoppers talk about things no article covers, so the encoder learns which words
carry little, and the thresholds learn what must not be answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import yaml

from knowledge_base.errors import ExamplesError
from knowledge_base.language import detect_language

# Texts under these intents are no questions to the shop.
UNANSWERABLE_INTENTS = frozenset({"out_of_scope", "chitchat"})

# [two pairs](number) and [this]{"entity": "product"}: only the words are wanted.
_MARKED_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True)
class Example:
    """One thing a shopper might type, and the intent it was written for."""

    text: str
    intent: str
    language: str

    @property
    def unanswerable(self) -> bool:
        """Whether no article can answer this."""
        return self.intent in UNANSWERABLE_INTENTS


def load_examples(folder: Path) -> list[Example]:
    """Read every ``*.yml`` below a folder in file order, each text once; no folder, none.

    Raises ExamplesError for a file that is not YAML.
    """
    examples: dict[str, Example] = {}
    for path in sorted(folder.rglob("*.yml")):
        for intent, block in _intent_blocks(path):
            for text in _texts(block):
                examples.setdefault(text, Example(text, intent, detect_language(text)))
    return list(examples.values())


def _intent_blocks(path: Path) -> Iterator[tuple[str, object]]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ExamplesError(path, line, f"not valid YAML: {error.problem}") from error
    groups = content.get("nlu") if isinstance(content, dict) else None
    for group in groups or ():
        if isinstance(group, dict) and "intent" in group:
            # "faq/shipping" is a retrieval intent; its family is the label.
            yield str(group["intent"]).split("/", 1)[0], group.get("examples")


def _texts(block: object) -> Iterator[str]:
    if isinstance(block, list):
        rows = [row.get("text") if isinstance(row, dict) else row for row in block]
        lines = [str(row) for row in rows if row]
    else:
        lines = [
            line.strip()[1:] for line in str(block or "").splitlines() if line.strip()[:1] == "-"
        ]
    for line in lines:
        text = _MARKED_ENTITY.sub(r"\1", line).strip()
        if text:
            yield text
