"""Which attributes of a product a message asks about, in the words of shop/facts.yml."""

import functools
import re
from pathlib import Path
from typing import Dict, Iterable, List, Pattern, Text, Tuple

from actions.word_patterns import folded, load_patterns
from shop.facts import load_fact_words

PRICE = "price"
# More in one message are not answered.
MOST_FACTS = 3


def asked_facts(text: Text, names: Iterable[Text] = ()) -> List[Text]:
    """The attributes asked about, in the order in which they stand; `price` is one of them.

    Args:
        text: the message as written.
        names: what products are called in it; their words ask nothing ("fleece-lined joggers").
    """
    said = folded(text)
    for name in names:
        # "How much does the flask hold?" asks as "how much does it hold?" does.
        said = re.sub(rf"(\b(the|this|that|your|an?) )?{re.escape(folded(name))}", " it ", said)
    said = " ".join(said.split())
    owners, words = _fact_words()
    found = [owners[match.group()] for match in words.finditer(said)]
    price_words = load_patterns(Path(__file__).with_suffix(".yml"))[PRICE]
    if price_words.search(words.sub(" ; ", said)):
        found.append(PRICE)
    return list(dict.fromkeys(found))[:MOST_FACTS]


@functools.lru_cache(maxsize=1)
def _fact_words() -> Tuple[Dict[Text, Text], Pattern[Text]]:
    """The attribute of each word, and what finds the longest word at a place."""
    owners = {
        folded(word): key
        for key, by_language in load_fact_words().items()
        for words in by_language.values()
        for word in words
    }
    longest_first = sorted(owners, key=len, reverse=True)
    return owners, re.compile("|".join(_whole(word) for word in longest_first))


def _whole(word: Text) -> Text:
    """A pattern for a word; a Latin one does not stand within another."""
    before = "(?<![a-z])" if word[0].isascii() and word[0].isalpha() else ""
    after = "(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return f"{before}{re.escape(word)}{after}"
