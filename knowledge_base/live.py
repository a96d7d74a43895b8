"""The index in use, exchanged for a newer one without a pause.

Whoever answers takes :attr:`Live.current` once for a question; the exchange is one assignment, so a
question is answered from one index or from the other, never from both and never from none.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Callable, Iterator

from starlette.concurrency import run_in_threadpool

from knowledge_base.answerer import Answerer
from knowledge_base.article import Article
from knowledge_base.build import open_answerer
from knowledge_base.errors import KnowledgeError
from knowledge_base.help_centre.pages import ensure_pages
from knowledge_base.language import LANGUAGES
from knowledge_base.store import Manifest, StoredIndex, current_digest

Say = Callable[[str], None]

# How soon a new index is noticed.
LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Loaded:
    """An index that is ready to answer, with its small print."""

    stored: StoredIndex
    answerer: Answerer

    @property
    def manifest(self) -> Manifest:
        """Its small print."""
        return self.stored.manifest

    def articles(self) -> Iterator[Article]:
        """All its articles, read one by one: a large base's stay on disk."""
        for index in self.stored.indexes.values():
            yield from index.articles


class Live:
    """What is served now, and the watch over what is to be served next."""

    def __init__(self, root: Path, loaded: Loaded, *, say: Say) -> None:
        self._root = root
        self._say = say
        self._unusable = ""
        self._pages_of = ("", date.min)
        self.current = loaded

    @classmethod
    def open(cls, root: Path, *, say: Say) -> Live:
        """Load the current index; raises IndexMissing or EncoderError."""
        return cls(root, load(root), say=say)

    async def follow(self) -> None:
        """Exchange the index whenever another one is published; runs until it is cancelled.

        The help centre's pages go along, with the days on which articles begin and end.
        """
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()
            await self.keep_pages(date.today())

    async def look(self) -> None:
        """Exchange the index if another one is published; one that cannot be loaded is left."""
        digest = current_digest(self._root)
        if digest in ("", self.current.manifest.digest, self._unusable):
            return
        try:
            # In a thread: questions go on being answered while it loads.
            self.current = await run_in_threadpool(load, self._root)
        except KnowledgeError as error:
            self._unusable = digest
            self._say(f"knowledge base {digest} cannot be used, the last one goes on: {error}")
        else:
            self._say(f"knowledge base {self.current.manifest.digest} answers from now on")

    async def keep_pages(self, today: date) -> None:
        """See that the help centre has the pages of a day; what goes wrong is only said."""
        now = self.current
        if (now.manifest.digest, today) == self._pages_of:
            return
        self._pages_of = (now.manifest.digest, today)
        try:
            await run_in_threadpool(ensure_pages, now.stored.folder, now.articles(), today)
        except OSError as error:
            self._say(f"the help centre's pages of {today} cannot be written: {error}")


def load(root: Path) -> Loaded:
    """Load the current index and ask it a question in each language; raises as :meth:`Live.open`.

    The first question costs what is only made ready when it is needed.
    """
    stored, answerer = open_answerer(root)
    for language in LANGUAGES:
        answerer.answer("你好 hello", language)
    return Loaded(stored, answerer)
