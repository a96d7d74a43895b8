"""The name on an invoice and the tax number beside it, as shoppers write them."""

import functools
import re
import unicodedata
from pathlib import Path
from typing import List, Optional, Pattern, Text

from actions.word_patterns import load_words

MOST_TITLE = 100
_WORDS = Path(__file__).with_name("invoices.yml")
_LEAST_TITLE = 2
# Digits and letters in a row, perhaps in groups: what was meant as a tax number.
_NUMBER = re.compile(r"(?<![0-9A-Z])(?=[A-Z]?[0-9])[0-9A-Z](?:[ \-]?[0-9A-Z]){7,24}")
_LENGTHS = (15, 18)
# Not in any: they look like digits, or the standard leaves them out.
_NEVER = re.compile("[IOSVZ]")


def title_in(text: Text) -> Optional[Text]:
    """The name in an answer to the question for it; None when there is none."""
    title = " ".join(text.split())
    for pattern in _patterns("before"):
        title = pattern.sub("", title, count=1)
    return _bare(title)


def stated_title(text: Text) -> Optional[Text]:
    """The name in a message that says what name it is to be ("抬头写…", "put … on it")."""
    found = (pattern.search(" ".join(text.split())) for pattern in _patterns("stated"))
    match = next((match for match in found if match), None)
    return _bare(match["name"]) if match else None


def personal_title(language: Text) -> Text:
    """What stands on the invoice of somebody who wants no name on it."""
    return str(load_words(_WORDS)["personal"][language])


def tax_number_in(text: Text) -> Optional[Text]:
    """What looks like a tax number; None when nothing does."""
    found = _NUMBER.search(unicodedata.normalize("NFKC", text).upper())
    return found[0] if found and re.search("[0-9]{4}", found[0]) else None


def what_is_wrong(tax_number: Text) -> Text:
    """What to look at in a tax number that does not check: `length`, `letters` or `digits`.

    Args:
        tax_number: without spaces, in capitals.
    """
    if len(tax_number) not in _LENGTHS:
        return "length"
    return "letters" if len(tax_number) == 18 and _NEVER.search(tax_number) else "digits"


def _bare(title: Text) -> Optional[Text]:
    for pattern in _patterns("after"):
        title = pattern.sub("", title, count=1)
    title = title.strip(" ,，。.:：\"“”'")[:MOST_TITLE]
    return title if len(title) >= _LEAST_TITLE and re.search(r"[^\W\d_]", title) else None


@functools.lru_cache(maxsize=None)
def _patterns(name: Text) -> List[Pattern[Text]]:
    return [re.compile(each, re.IGNORECASE) for each in load_words(_WORDS)[name]]
