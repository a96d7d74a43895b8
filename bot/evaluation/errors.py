"""What can go wrong in a measurement; shown by `__main__`, which then ends with status 2.

EvaluationError
├── RowError        a row that cannot be used; names file and line
└── Refused         the running system does not let us in, or is not there
"""

from pathlib import Path


class EvaluationError(Exception):
    """Root of everything this package raises on purpose; nothing has been written then."""


class RowError(EvaluationError):
    """A row that cannot be used: `file:line: reason`."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")


class Refused(EvaluationError):
    """The running system does not let us in, or is not there."""
