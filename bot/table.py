"""Tables for the terminal: what was measured, and whether it reaches its bar."""

import unicodedata
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence


@dataclass(frozen=True)
class Bar:
    """A figure with its bar: reached when it lies between `least` and `most`."""

    name: str
    value: float
    least: Optional[float] = None
    most: Optional[float] = None
    unit: str = ""

    @property
    def reached(self) -> bool:
        """Whether the bar is reached."""
        above = self.least is None or self.value >= self.least
        return above and (self.most is None or self.value <= self.most)

    @property
    def wanted(self) -> str:
        """The bar in words."""
        parts = [
            f"{sign} {limit:g}{self.unit}"
            for sign, limit in (("≥", self.least), ("≤", self.most))
            if limit is not None
        ]
        return ", ".join(parts)

    def view(self) -> Dict[str, Any]:
        """As reports hold it."""
        return {"name": self.name, "value": self.value, "bar": self.wanted, "reached": self.reached}


def bars_table(bars: Sequence[Bar]) -> str:
    """A line a bar; those that are missed are marked."""
    rows = [
        [bar.name, f"{bar.value:g}{bar.unit}", bar.wanted, "ok" if bar.reached else "MISSED"]
        for bar in bars
    ]
    return table(["", "measured", "bar", ""], rows)


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns aligned, the first to the left and figures to the right."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(head))]
    lines = [_line(row, widths) for row in cells]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(f"  {line}" for line in lines)


def _line(row: List[str], widths: List[int]) -> str:
    first = row[0] + " " * (widths[0] - _width(row[0]))
    others = [" " * (width - _width(cell)) + cell for cell, width in zip(row[1:], widths[1:])]
    return "  ".join([first, *others]).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
