"""Words: Chinese ones by jieba's dictionary, English ones as stems."""

from __future__ import annotations

import logging
import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Iterator

import Stemmer

from knowledge_base.language import HAN

if TYPE_CHECKING:
    from jieba import Tokenizer

# A run of Chinese characters, or a word or number in other letters with what an apostrophe joins.
_RUNS = re.compile(f"([{HAN}]+)|((?:(?![{HAN}])[^\\W_])+(?:'[^\\W_{HAN}]+)*)")


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a normalised text in order, each with whether it is Chinese.

    Of Chinese whole runs of characters, of everything else single words.
    """
    for match in _RUNS.finditer(text):
        yield match.group(), match.lastindex == 1


def cut(run: str) -> list[str]:
    """The words of a run of Chinese characters, and the shorter words within long ones."""
    # Without the hidden Markov model: only words of the dictionary, never guessed ones.
    return list(_segmenter().cut_for_search(run, HMM=False))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A word in lower case without its English ending; of another script, itself."""
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    return Stemmer.Stemmer("english")


@lru_cache(maxsize=1)
def _segmenter() -> Tokenizer:
    # The first import compiles jieba, and its source makes Python warn; not ours to mend.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()
