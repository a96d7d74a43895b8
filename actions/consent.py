"""A yes that says once more what it agrees to.

"Yes, cancel it" is understood as the wish to cancel, which it also is; to the question whether to
cancel it is a yes.
"""

from pathlib import Path
from typing import Text

from actions.word_patterns import folded, load_patterns


def agrees(text: Text) -> bool:
    """Whether a text begins with a word that agrees, as a word of its own or before a deed."""
    patterns = load_patterns(Path(__file__).with_suffix(".yml"))
    return bool(patterns["agreeing"].match(folded(text)))
