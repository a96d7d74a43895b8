"""Words: Chinese ones by jieba's dictionary, English ones as stems."""

from __future__ import annotations

import logging
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import Stemmer

if TYPE_CHECKING:
    from jieba import Tokenizer


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
