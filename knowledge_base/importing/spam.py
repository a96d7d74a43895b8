"""Spam: texts that were left in somebody's forum, told by the rules in ``spam.yml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Pattern

import yaml

from knowledge_base.normaliser import normalise

_RULES = Path(__file__).with_name("spam.yml")
_LINK = re.compile(r"https?://|www\.", re.I)
# Rules, tables and dotted leaders are drawn with these, over and over.
_DRAWN = "-=_*.~—─…·#+|"


@dataclass(frozen=True)
class SpamRules:
    """The file's limits, its patterns made ready."""

    most_links: int
    least_characters_a_link: int
    least_letters: float
    repetitions: Pattern[str]
    patterns: dict[str, tuple[Pattern[str], ...]]

    def reason(self, text: str) -> str:
        """Why a text is spam; empty if it is none."""
        links = len(_LINK.findall(text))
        if links > self.most_links and len(text) < links * self.least_characters_a_link:
            return f"{links} links in {len(text):,} characters"
        repeated = self.repetitions.search(text)
        if repeated:
            return f"{repeated[0][:20]!r} goes on and on"
        signs = [c for c in text if not c.isspace() and c not in _DRAWN]
        if sum(map(str.isalpha, signs)) < self.least_letters * len(signs):
            return "hardly a letter in it"
        folded = normalise(text)
        for name, patterns in self.patterns.items():
            for pattern in patterns:
                found = pattern.search(folded)
                if found:
                    return f"{name}: {found[0][:40]!r}"
        return ""


@lru_cache(maxsize=1)
def load_rules() -> SpamRules:
    """The rules beside this module."""
    rules: dict[str, Any] = yaml.safe_load(_RULES.read_text(encoding="utf-8"))
    sign = rf"[^\s0{re.escape(_DRAWN)}]"
    characters, words = rules["most_same_characters"], rules["most_same_words"]
    return SpamRules(
        most_links=rules["most_links"],
        least_characters_a_link=rules["least_characters_a_link"],
        least_letters=rules["least_letters"],
        repetitions=re.compile(
            rf"({sign})\1{{{characters},}}|({sign}[^\n]{{1,11}}?)\2{{{words},}}"
        ),
        patterns={
            name: tuple(re.compile(pattern) for pattern in patterns)
            for name, patterns in rules["patterns"].items()
        },
    )
