"""JSON Lines: one object a line, UTF-8, as question files and foreign corpora have it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Iterator, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge_base.errors import QuestionsError

Row = TypeVar("Row", bound=BaseModel)


def read_rows(path: Path, shape: type[Row]) -> Iterator[tuple[int, Row]]:
    """The rows of a file, each with its line; empty lines are passed over.

    Raises QuestionsError naming the line of what is not such a row, or that there is no such file.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise QuestionsError(path, line, "not UTF-8 text") from error
    except OSError as error:
        raise QuestionsError(path, 1, f"cannot be read ({error.strerror})") from error
    # Not splitlines(): a text may hold a line separator of Unicode.
    for number, written in enumerate(text.split("\n"), start=1):
        if written.strip():
            yield number, _row(path, number, written, shape)


def _row(path: Path, number: int, line: str, shape: type[Row]) -> Row:
    try:
        return shape.parse_obj(json.loads(line))
    except json.JSONDecodeError as error:
        raise QuestionsError(path, number, f"not JSON: {error.msg}") from error
    except RecursionError as error:
        raise QuestionsError(path, number, "not JSON: nested too deep") from error
    except ValidationError as error:
        first = error.errors()[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise QuestionsError(path, number, reason) from error
