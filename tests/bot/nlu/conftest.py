"""What tests of understanding share."""

from pathlib import Path
from typing import Set

import pytest
import yaml

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def domain_intents() -> Set[str]:
    """The names of all intents."""
    files = sorted((ROOT / "domain").glob("*.yml"))
    stored = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return {intent for content in stored for intent in content.get("intents") or []}
