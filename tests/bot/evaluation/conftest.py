"""The trained model's understanding, loaded once."""

import json
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

from bot.evaluation.understanding import Understanding


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    """That of the present sources."""
    return Understanding.trained()


@pytest.fixture
def jsonl(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows into a file."""

    def write(rows: List[Dict[str, Any]], name: str = "rows.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write
