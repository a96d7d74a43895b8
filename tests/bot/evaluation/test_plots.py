"""The page of plots is a PNG that can be read."""

from pathlib import Path

from bot.evaluation import plots
from bot.evaluation.scores import Outcome, report


def test_the_page_of_plots(tmp_path: Path) -> None:
    outcomes = [
        Outcome("1", "en", "stock", (), "stock", 0.9),
        Outcome("2", "en", "stock", (), "invoice", 0.4),
        Outcome("3", "en", "out_of_scope", (), "chitchat", 0.4),
    ]
    path = tmp_path / "understanding.png"
    plots.understanding(outcomes, report(outcomes), path)
    assert path.read_bytes().startswith(b"\x89PNG")
