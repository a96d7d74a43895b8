"""What the colours of variants are called, for whoever reads of them.

Step 6 of a message's way (act): variants carry a colour's value, ``colours.yml`` the words for it.
"""

from functools import lru_cache
from pathlib import Path

import yaml

from shop.models import Text


@lru_cache(maxsize=1)
def colours() -> dict[str, Text]:
    """Give the words of every colour by its value."""
    stored = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(stored))


def colour_words(colour: str) -> Text:
    """Give the words for one colour; a value that is not known is its own word."""
    return colours().get(colour, {"zh": colour, "en": colour})
