"""The atomic steps, one Lua script a file."""

from pathlib import Path
from typing import Any

from bot.storage import script

_FOLDER = Path(__file__).parent


def load(redis: Any, name: str) -> Any:
    """A callable for the script `<name>.lua`."""
    return script.load(redis, _FOLDER / f"{name}.lua")
