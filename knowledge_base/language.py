"""Which of the base's languages a text is in; used where the caller does not say.

The assistant knows the language of a conversation and passes it on. The command line and
foreign evaluation files often do not.
"""

from __future__ import annotations

import re

LANGUAGES = ("zh", "en")

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

_HAN_CHARACTER = re.compile(f"[{HAN}]")


def detect_language(text: str) -> str:
    """Tell Chinese from English: one Chinese character is enough.

    A Chinese shopper writes "coupon怎么用"; an English one never mixes the other way round.
    """
    return "zh" if _HAN_CHARACTER.search(text) else "en"


def base_language(tag: str) -> str:
    """Map a language tag (``zh-Hant``, ``zh_TW``, ``en-GB``) to one of :data:`LANGUAGES`."""
    primary = re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]
    return "zh" if primary in ("zh", "cmn", "yue") else "en"
