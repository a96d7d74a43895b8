"""A yes that says once more what it agrees to.

"Yes, cancel it" is understood as the wish to cancel, which it also is; to the question whether to
cancel it is a yes.
"""

import functools
import re
from pathlib import Path
from typing import Pattern, Text

import yaml


def agrees(text: Text) -> bool:
    """Whether a text begins with a word that agrees, as a word of its own or before a deed."""
    return bool(_agreeing().match(text.strip().lower()))


@functools.lru_cache(maxsize=1)
def _agreeing() -> Pattern[Text]:
    words = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    chinese = "|".join(map(re.escape, words["zh"]))
    english = "|".join(map(re.escape, words["en"]))
    # In Chinese what follows must be a mark or the deed: "好像不对" agrees to nothing.
    return re.compile(
        rf"(?:(?:{chinese})(?=[\s,，。.!！~]|$|[取退换換改补補修开開申办辦要])|(?:{english})\b)"
    )
