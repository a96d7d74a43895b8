"""Frozen questions: asked of every new index before it is put to use, and never learnt from.

::

    <frozen>/<language>.jsonl      {"text": "几天之内可以退", "article": "return-window"}
                                   {"text": "明天会下雨吗", "article": null}

``null`` is a question that no article answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Collection, Optional

from pydantic import BaseModel, Extra, Field, StrictStr

from knowledge_base.errors import QuestionsError
from knowledge_base.language import LANGUAGES
from knowledge_base.rows import read_rows


class _Row(BaseModel):
    text: StrictStr
    article: Optional[StrictStr] = Field(...)

    class Config:
        extra = Extra.forbid


@dataclass(frozen=True)
class FrozenQuestion:
    """A question and the article that answers it; None: it must not be answered."""

    text: str
    language: str
    article: str | None


def load_frozen(folder: Path, known: Collection[tuple[str, str]]) -> list[FrozenQuestion]:
    """Read ``<language>.jsonl`` of a folder; no folder, no questions.

    ``known`` are the articles that there are, or were, as (language, id). Raises QuestionsError for
    a row that cannot be used or whose article is not among them.
    """
    return [
        question
        for language in LANGUAGES
        if (path := folder / f"{language}.jsonl").is_file()
        for question in _read(path, language, known)
    ]


def _read(path: Path, language: str, known: Collection[tuple[str, str]]) -> list[FrozenQuestion]:
    found = []
    for number, row in read_rows(path, _Row):
        if not row.text.strip():
            raise QuestionsError(path, number, "text is empty")
        if row.article is not None and (language, row.article) not in known:
            raise QuestionsError(path, number, f"there is no article {row.article!r} in {language}")
        found.append(FrozenQuestion(row.text, language, row.article))
    return found
