"""Each plot is a PNG that can be read."""

from pathlib import Path

import pytest

from bench import plots

_PNG = b"\x89PNG"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the plot goes; the folder is made with it."""
    return tmp_path / "reports" / "plot.png"


def test_the_latencies_of_both_systems(path: Path) -> None:
    plots.latencies([0.01, 0.02, 0.03], [0.1, 0.2], path)
    assert path.read_bytes().startswith(_PNG)


def test_the_growth_of_each_system(path: Path) -> None:
    rows = {"ours": {"turn5_p50_ms": 10.0, "turn200_p50_ms": 10.5, "ratio": 1.05}}
    plots.growth(rows, path)
    assert path.read_bytes().startswith(_PNG)


def test_memory_with_a_process_that_came_later(path: Path) -> None:
    plots.memory([0, 10, 20], {"gateway": [80.0, 81.0, 81.0], "gateway-2": [80.0, 80.0]}, path)
    assert path.read_bytes().startswith(_PNG)


def test_the_timeline_of_the_faults(path: Path) -> None:
    plots.timeline([(0.5, 0.1), (2.0, 1.5)], [(1.0, "redis"), (1.5, "redis")], path)
    assert path.read_bytes().startswith(_PNG)
