"""What children say on its way into their log files: line by line, personal data masked."""

import asyncio
import contextlib
from pathlib import Path
from typing import List

from bot.conversation.masking import mask

_CHUNK = 65_536
_LONGEST_LINE = 65_536
# Where a line is cut there may be half a number, which nothing recognises.
_HALF = 256


async def write_log(output: asyncio.StreamReader, path: Path) -> None:
    """Append a child's output to a file, until nobody holds the other end any more.

    Bytes that are no UTF-8 become U+FFFD. Whatever happens to the file, the output is read on: a
    full pipe would stop the child, and a closed one could end it.
    """
    lines = _Lines()
    while chunk := await output.read(_CHUNK):
        _append(path, lines.take(chunk))
    _append(path, lines.rest())


def _append(path: Path, lines: List[bytes]) -> None:
    """Opened anew each time: a log that was moved away or deleted meanwhile begins again."""
    if lines:
        with contextlib.suppress(OSError), open(path, "ab") as file:
            file.write(b"".join(lines))


class _Lines:
    """Cuts what comes in pieces into lines; keeps no more than one longest line."""

    def __init__(self) -> None:
        self._begun = b""

    def take(self, chunk: bytes) -> List[bytes]:
        """The lines that a piece completes."""
        *whole, begun = (self._begun + chunk).split(b"\n")
        # One byte more, to know that it was longer.
        self._begun = begun[: _LONGEST_LINE + 1]
        return [_masked(line) for line in whole]

    def rest(self) -> List[bytes]:
        """A last line that was never completed."""
        return [_masked(self._begun)] if self._begun else []


def _masked(line: bytes) -> bytes:
    text = mask(line[:_LONGEST_LINE].decode(errors="replace"))
    if len(line) > _LONGEST_LINE:
        text = f"{text[:-_HALF]} … (cut)"
    return f"{text}\n".encode()
