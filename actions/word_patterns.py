"""Words by topic and language from a file beside the code: as they are, or as search patterns."""

import functools
import re
import unicodedata
from pathlib import Path
from typing import Any, Dict, Iterable, Pattern, Text

import opencc
import yaml


@functools.lru_cache(maxsize=None)
def load_words(path: Path) -> Dict[Text, Any]:
    """What the file holds under each name."""
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


@functools.lru_cache(maxsize=None)
def load_patterns(path: Path) -> Dict[Text, Pattern[Text]]:
    """One pattern for each list in the file, of the regular expressions of all languages."""
    return {
        name: any_of(one for words in by_language.values() for one in words)
        for name, by_language in load_words(path).items()
    }


def any_of(patterns: Iterable[Text]) -> Pattern[Text]:
    """A pattern that finds what any of these finds."""
    return re.compile("|".join(f"(?:{one})" for one in patterns))


def folded(text: Text) -> Text:
    """A text as the lists are written: half width, lower case, Chinese in Simplified."""
    return str(_simplifier().convert(unicodedata.normalize("NFKC", text))).lower().strip()


@functools.lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
