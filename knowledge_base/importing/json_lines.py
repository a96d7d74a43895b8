"""JSON Lines: an article a line, in the fields of the evaluation's corpus and a few more."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from pydantic import BaseModel, Extra, Field, ValidationError, validator

from knowledge_base.article import split_paragraphs
from knowledge_base.importing.draft import Draft, Found, Problem, place


class _Row(BaseModel):
    """One line; what is left out gets a default later."""

    title: str
    text: str
    id: str = ""
    language: str = Field("", alias="lang")
    topic: str = ""
    owner: str = ""
    updated: date | None = None
    questions: list[str] = []

    class Config:
        allow_population_by_field_name = True
        extra = Extra.forbid

    @validator("title", "text")
    def _not_blank(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("is empty")
        return value


def read(path: Path, data: bytes) -> Found:
    """A draft for each line that is not blank."""
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if line.strip():
            yield _draft(line, place(path, number))


def _draft(line: bytes, where: str) -> Draft | Problem:
    try:
        row = _Row.parse_obj(json.loads(line.decode("utf-8")))
    except UnicodeDecodeError:
        return Problem(where, "not UTF-8 text")
    except json.JSONDecodeError as error:
        return Problem(where, f"not JSON: {error.msg}")
    except RecursionError:
        return Problem(where, "not JSON that can be read: nested too deeply")
    except ValidationError as error:
        told = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return Problem(where, "; ".join(told))
    return Draft(
        where=where,
        title=row.title,
        paragraphs=split_paragraphs(row.text),
        id=row.id,
        language=row.language,
        topic=row.topic,
        owner=row.owner,
        updated=row.updated,
        questions=tuple(row.questions),
    )
