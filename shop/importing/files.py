"""Which files of a folder are read, and in which encoding."""

import codecs
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from shop.importing.columns import FileFormat, file_formats
from shop.importing.findings import Findings

CSV = frozenset({".csv", ".tsv"})
JSON_LINES = frozenset({".jsonl", ".ndjson"})
_OTHER_TABLES = frozenset({".xlsx", ".xls", ".json", ".txt"})

_PIECE = 1 << 16
_SAMPLE = 1 << 20


@dataclass(frozen=True)
class SourceFile:
    """A file that will be read as ``format``."""

    path: Path
    format: FileFormat

    @property
    def name(self) -> str:
        """What findings call it."""
        return self.path.name


def find_files(folder: Path, findings: Findings) -> list[SourceFile]:
    """List the folder's files, those first that others refer to.

    A name that is almost one of ours is an error, because leaving that file out would lose data.
    """
    if not folder.is_dir():
        findings.error(str(folder), "is not a folder")
        return []
    found: dict[str, SourceFile] = {}
    for path in sorted(folder.iterdir()):
        file = _recognise(path, findings)
        if file is None:
            continue
        if file.format.name in found:
            findings.error(path.name, f"{found[file.format.name].name} holds the same table")
        else:
            found[file.format.name] = file
    if not found and not findings.error_count:
        names = ", ".join(f"{each.name}.csv" for each in file_formats())
        findings.error(str(folder), f"holds no file to read; known are {names} (or .jsonl)")
    return [found[each.name] for each in file_formats() if each.name in found]


def _recognise(path: Path, findings: Findings) -> SourceFile | None:
    if path.name.startswith((".", "~")) or not path.is_file():
        return None
    names = {name: each for each in file_formats() for name in (each.name, *each.aliases)}
    suffix, stem = path.suffix.lower(), path.stem.lower().strip()
    if suffix in CSV | JSON_LINES:
        if stem in names:
            return SourceFile(path, names[stem])
        near = get_close_matches(stem, names, n=1)
        known = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(names))}"
        findings.error(path.name, f"is no table of ours; {known}")
    elif suffix in _OTHER_TABLES and stem in names:
        findings.error(path.name, f"cannot be read; save it as {stem}.csv or {stem}.jsonl")
    else:
        findings.note(f"{path.name}: left out")
    return None


def detect_encoding(path: Path) -> str:
    """Say in which encoding a file is: UTF-8, UTF-16 with its mark, or GB18030 (Excel in China).

    Raises:
        ValueError: none of them; the text names the line.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    fault = _first_fault(path, "utf-8")
    if fault is None:
        return "utf-8-sig"
    line, piece = fault
    with path.open("rb") as file:
        beginning = file.read(_SAMPLE)
    if _mostly_utf8(beginning + piece) or _first_fault(path, "gb18030"):
        raise ValueError(f"line {line} holds bytes that are not UTF-8")
    return "gb18030"


def _first_fault(path: Path, encoding: str) -> tuple[int, bytes] | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    line, piece = 1, b""
    with path.open("rb") as file:
        try:
            while piece := file.readline(_PIECE):
                decoder.decode(piece)
                line += piece.endswith(b"\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return line, piece
    return None


def _mostly_utf8(sample: bytes) -> bool:
    """Tell a fault in UTF-8 from another encoding, in which nearly every sign is a fault."""
    text = sample.decode("utf-8", "replace")
    faults = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) > 2 * faults
