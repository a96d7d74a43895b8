"""Rows of a measurement: JSON Lines, or CSV with a header as public sets come; and its report."""

import csv
import io
import json
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple, Type, TypeVar

from pydantic import BaseModel, ValidationError, root_validator

from bot.evaluation.errors import EvaluationError, RowError

# Names that public sets have for what we call text and intent.
_ALIASES = {"sentence": "text", "utterance": "text", "label": "intent", "category": "intent"}
_SEPARATORS = {".csv": ",", ".tsv": "\t"}


class Given(BaseModel):
    """A part of a row; a field that is null is one that is not given."""

    @root_validator(pre=True)
    def _without_nulls(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        return {name: value for name, value in values.items() if value is not None}


class Row(Given):
    """What every row has: where it stands in its file, and an id, by default the line's number."""

    line: int
    id: Any

    @root_validator(pre=True)
    def _named_as_ours(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        named = {_ALIASES[name]: value for name, value in values.items() if name in _ALIASES}
        return {"id": str(values["line"]), **named, **values}


Shape = TypeVar("Shape", bound=Row)


def read_rows(path: Path, shape: Type[Shape]) -> List[Shape]:
    """All rows of a file, at least one; blank lines are none.

    Raises:
        RowError: a row that is not readable or not of this shape.
        EvaluationError: the file cannot be read or is empty.
    """
    separator = _SEPARATORS.get(path.suffix.lower())
    text = _text(path)
    contents = _from_table(path, text, separator) if separator else _from_json(path, text)
    rows = [_shaped(path, line, content, shape) for line, content in contents]
    if not rows:
        raise EvaluationError(f"{path}: there are no rows")
    return rows


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EvaluationError(f"{path}: {error.strerror}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RowError(path, line, "this is not UTF-8") from error


def _from_json(path: Path, text: str) -> Iterator[Tuple[int, Dict[str, Any]]]:
    # Not splitlines: JSON strings may hold other separators of lines as they are.
    for line, written in enumerate(text.split("\n"), start=1):
        if not written.strip():
            continue
        try:
            content = json.loads(written)
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "msg", "nested too deeply")
            raise RowError(path, line, f"not JSON: {reason}") from error
        if not isinstance(content, dict):
            raise RowError(path, line, "not a JSON object")
        yield line, content


def _from_table(path: Path, text: str, separator: str) -> Iterator[Tuple[int, Dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or []]
        for content in reader:
            if None in content:
                raise RowError(path, reader.line_num, "more cells than the header has names")
            yield reader.line_num, {name: cell for name, cell in content.items() if cell != ""}
    except csv.Error as error:
        raise RowError(path, reader.line_num, f"not CSV: {error}") from error


def _shaped(path: Path, line: int, content: Dict[str, Any], shape: Type[Shape]) -> Shape:
    try:
        return shape.parse_obj({**content, "line": line})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise RowError(path, line, f"{where}: {first['msg']}") from error


def ready_to_write(path: Path) -> None:
    """Make the report's folder, before anything takes time.

    Raises:
        EvaluationError: there can be no such file.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvaluationError(f"{path}: {error.strerror}") from error
    if path.is_dir():
        raise EvaluationError(f"{path}: this is a folder")


def write_report(path: Path, report: Dict[str, Any]) -> None:
    """Write a report as one JSON object; the file appears whole or not at all.

    Raises:
        EvaluationError: it cannot be written.
    """
    text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    aside = path.with_name(f"{path.name}.new")
    try:
        # Half a character pair has no UTF-8 form; its escape is what JSON has for it as well.
        aside.write_bytes(text.encode("utf-8", "backslashreplace"))
        aside.replace(path)
    except OSError as error:
        raise EvaluationError(f"{path}: {error.strerror}") from error
