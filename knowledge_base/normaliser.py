"""One spelling for every way of typing the same thing; first step of encoding a text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    # Loading the dictionaries takes a tenth of a second: once, and not at import.
    from opencc import OpenCC

    return OpenCC("t2s")


def normalise(text: str) -> str:
    """Fold width, case, script and spacing: ``"ＦＲＥＥ 運費"`` → ``"free 运费"``.

    Unicode NFKC, lower case, Traditional to Simplified characters, typographic apostrophes to
    plain ones; invisible format characters are dropped, runs of white space become one blank.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_QUOTES)).lower()
    visible = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return _SPACE.sub(" ", _simplifier().convert(visible)).strip()
