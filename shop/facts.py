"""What shoppers ask about products, and the words with which they ask: ``facts.yml``.

Step 4 of a message's way (understand): the keys are those of ``Product.facts``.
"""

from pathlib import Path

import yaml

FACTS_FILE = Path(__file__).with_name("facts.yml")

FactWords = dict[str, dict[str, tuple[str, ...]]]


def load_fact_words(path: Path = FACTS_FILE) -> FactWords:
    """Read the words of every attribute by language: ``{"material": {"zh": (...), "en": (...)}}``.

    Raises:
        ValueError: a word belongs to two attributes; the message names it and both.
    """
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    found: FactWords = {
        key: {language: tuple(words) for language, words in by_language.items()}
        for key, by_language in listed.items()
    }
    owners: dict[str, str] = {}
    for key, by_language in found.items():
        for word in (word.lower() for words in by_language.values() for word in words):
            if owners.setdefault(word, key) != key:
                raise ValueError(f"{path.name}: {word!r} belongs to {owners[word]} and {key}")
    return found
