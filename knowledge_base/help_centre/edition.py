"""An edition: the help centre for one kind of reader. Traditional Chinese is written from ours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from knowledge_base.article import Article

if TYPE_CHECKING:
    from opencc import OpenCC

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Edition:
    """Where an edition lies, its language tag, and the language of the articles it is made of."""

    folder: str
    tag: str
    language: str

    @property
    def words(self) -> dict[str, Any]:
        """The pages' own words."""
        return dict(_read("words.yml")[self.folder])

    def topic(self, name: str) -> str:
        """The heading of a topic; its own name where nobody has given it one."""
        return self._write(_read("topics.yml").get(name, {}).get(self.language, name))

    def day(self, day: date) -> str:
        """A day as the readers write it."""
        words = self.words
        name = words["months"][day.month - 1] if "months" in words else ""
        return str(words["date"]).format(
            year=day.year, month=day.month, day=day.day, month_name=name
        )

    def written(self, article: Article) -> Article:
        """An article in the readers' script."""
        return replace(
            article,
            title=self._write(article.title),
            questions=tuple(map(self._write, article.questions)),
            paragraphs=tuple(map(self._write, article.paragraphs)),
        )

    def _write(self, text: str) -> str:
        if self.tag != "zh-Hant":
            return text
        # It takes every code for a program's; a shop's are numbers.
        return str(_traditional().convert(text)).replace("程式碼", "代碼")


EDITIONS = (
    Edition("zh", "zh-Hans", "zh"),
    Edition("zh-Hant", "zh-Hant", "zh"),
    Edition("en", "en", "en"),
)


def topic_order() -> list[str]:
    """The topics with a heading, in the order in which they are shown."""
    return list(_read("topics.yml"))


@lru_cache(maxsize=1)
def _traditional() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("s2twp")


@lru_cache(maxsize=2)
def _read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((_HERE / name).read_text("utf-8")))
