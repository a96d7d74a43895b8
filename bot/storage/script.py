"""Atomic steps: one Lua script a file, beside the code that runs it."""

from pathlib import Path
from typing import Any


def load(redis: Any, path: Path) -> Any:
    """A callable for a script file, run by its digest and loaded when Redis forgot it."""
    return redis.register_script(path.read_text(encoding="utf-8"))
