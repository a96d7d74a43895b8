"""The atomic steps, one Lua script a file."""

from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def load(redis: Any, name: str) -> Any:
    """A callable for the script `<name>.lua`, run by its digest and loaded when Redis forgot it."""
    return redis.register_script((_FOLDER / f"{name}.lua").read_text(encoding="utf-8"))
