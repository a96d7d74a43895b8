"""Indexes come and go: exchanged while it answers, refused, taken back, killed on the way."""

import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import httpx
import pytest

from knowledge_base import gate
from knowledge_base.__main__ import main
from knowledge_base.build import ensure_built
from knowledge_base.errors import IndexMissing
from knowledge_base.live import Live
from knowledge_base.settings import Settings
from knowledge_base.store import current_digest, roll_back, withdrawn

ROOT = Path(__file__).resolve().parents[2]
NewSettings = Callable[..., Settings]


def quiet(_: str) -> None:
    """What is said does not matter here."""


def reword(settings: Settings, price: str) -> None:
    """Let the shop change what gift wrapping costs."""
    path = settings.articles_dir / "zh" / "gift-wrap.md"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace(text[text.index("每件收") : text.index("元。")], f"每件收{price}"), "utf-8"
    )


@pytest.fixture
def twice_built(shop_settings: NewSettings) -> Tuple[Settings, str, str]:
    """A shop that was built, changed and built again."""
    settings = shop_settings()
    first = ensure_built(settings, say=quiet)
    reword(settings, "6")
    return settings, first, ensure_built(settings, say=quiet)


def price_told(client: httpx.Client) -> Tuple[str, str]:
    """What an item's wrapping costs, and which index says so."""
    asked = {"text": "礼盒要另外收钱吗", "language": "zh"}
    body: Dict[str, Any] = client.post("/v1/answers", json=asked).raise_for_status().json()
    return body["answer"]["text"].partition("每件收")[2][:1], body["index"]


@pytest.mark.timeout(300)
def test_while_three_indexes_are_published_every_question_is_answered_from_one_of_them(
    shop_settings: NewSettings, serve: Callable[..., httpx.Client], wait_for: Callable[..., Any]
) -> None:
    settings = shop_settings()
    published = [("5", ensure_built(settings, say=quiet))]
    client = serve(settings)
    told: List[Tuple[str, str]] = []
    done = threading.Event()

    def ask_on() -> None:
        with httpx.Client(base_url=client.base_url, headers=client.headers) as own:
            # A breath between questions: the builds below run in this process as well.
            while not done.wait(0.01):
                told.append(price_told(own))

    crowd = [threading.Thread(target=ask_on) for _ in range(4)]
    for each in crowd:
        each.start()
    try:
        wait_for(lambda: len(told) > 50, 20, "questions")
        for price in ("6", "7", "8"):
            reword(settings, price)
            published.append((price, ensure_built(settings, say=quiet)))
            wait_for(lambda: published[-1] in told, 60, "the new index")
        asked = len(told)
        wait_for(lambda: len(told) > asked + 50, 20, "more questions")
    finally:
        done.set()
        for each in crowd:
            each.join(20)
    # Whoever is refused, or hears nothing, ends its thread with an exception, which pytest reports.
    assert set(told) == set(published)


def test_an_index_that_cannot_be_loaded_is_left_alone(
    shop_settings: NewSettings, serve: Callable[..., httpx.Client]
) -> None:
    settings = shop_settings()
    first = ensure_built(settings, say=quiet)
    client = serve(settings)
    broken = settings.index_root / "0123456789abcdef"
    broken.mkdir()
    (broken / "manifest.json").write_text("{", "utf-8")
    (settings.index_root / "current").write_text(broken.name + "\n", "ascii")
    time.sleep(2.5)
    assert price_told(client) == ("5", first)
    assert client.get("/readyz").json()["index"] == first


def is_writing(root: Path) -> bool:
    """Whether a build writes its index into a scratch folder."""
    return any(root.glob(".building-*"))


@pytest.mark.timeout(600)
def test_a_build_killed_at_any_moment_leaves_the_index_in_use(
    shop_settings: NewSettings,
    serve: Callable[..., httpx.Client],
    environment: Callable[[Settings], Dict[str, str]],
    wait_for: Callable[..., Any],
    tmp_path: Path,
) -> None:
    settings = shop_settings()
    first = ensure_built(settings, say=quiet)
    client = serve(settings)
    reword(settings, "7")
    said = tmp_path / "said"
    moments: Dict[str, Callable[[], bool]] = {
        "rehearsing": lambda: "2/4" in said.read_text(),
        "training": lambda: "3/4" in said.read_text(),
        "writing": lambda: is_writing(settings.index_root),
    }
    for moment, has_come in moments.items():
        with said.open("w") as output:
            child = subprocess.Popen(
                [sys.executable, "-m", "knowledge_base", "build"],
                cwd=ROOT,
                env=environment(settings),
                stderr=output,
            )
        wait_for(has_come, 180, moment)
        child.send_signal(signal.SIGKILL)
        assert child.wait(10) == -signal.SIGKILL, f"not killed while {moment}"
        assert current_digest(settings.index_root) == first
        assert price_told(client) == ("5", first)
    assert is_writing(settings.index_root)
    # The lock died with the last one; the next build clears up.
    assert ensure_built(settings, say=quiet) != first
    assert not is_writing(settings.index_root)


def test_going_back_holds_until_the_articles_change(
    twice_built: Tuple[Settings, str, str], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    settings, first, second = twice_built
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    assert main(["rollback"]) == 0
    assert first in capsys.readouterr().out
    assert current_digest(settings.index_root) == first
    said: List[str] = []
    assert ensure_built(settings, say=said.append) == first
    assert "withdrawn" in said[-1] and "--force" in said[-1]
    reword(settings, "8")
    assert ensure_built(settings, say=quiet) not in (first, second)


def test_a_withdrawn_build_comes_back_on_demand(twice_built: Tuple[Settings, str, str]) -> None:
    settings, _, second = twice_built
    roll_back(settings.index_root)
    assert ensure_built(settings, say=quiet, force=True) == second
    assert withdrawn(settings.index_root) == set()


def test_there_is_no_way_back_from_the_first(shop_settings: NewSettings) -> None:
    settings = shop_settings()
    ensure_built(settings, say=quiet)
    with pytest.raises(IndexMissing, match="no earlier index"):
        roll_back(settings.index_root)


def test_a_build_that_finds_less_is_refused(
    shop_settings: NewSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = shop_settings()
    first = ensure_built(settings, say=quiet)
    # Three articles are always among three: here even as much as before is too little.
    monkeypatch.setattr(gate, "ENOUGH_QUESTIONS", 4)
    monkeypatch.setattr(gate, "MOST_LOST", -0.01)
    reword(settings, "9")
    said: List[str] = []
    assert ensure_built(settings, say=said.append) == first
    assert said[-1].startswith("refused")
    assert "among three" in said[-1]
    assert ensure_built(settings, say=quiet, force=True) != first


def prices_on_pages(settings: Settings) -> List[str]:
    """What gift wrapping costs by the help centre of each index."""
    pages = settings.index_root.glob(f"{current_digest(settings.index_root)}/help/*/zh")
    return [re.findall("每件收(.)元", (page / "gift-wrap.html").read_text())[0] for page in pages]


def test_the_help_centre_comes_and_goes_with_its_index(
    twice_built: Tuple[Settings, str, str],
) -> None:
    settings, _, _ = twice_built
    assert prices_on_pages(settings) == ["6"]
    roll_back(settings.index_root)
    assert prices_on_pages(settings) == ["5"]


async def test_the_help_centre_follows_the_days_on_which_articles_end(
    shop_settings: NewSettings,
) -> None:
    settings = shop_settings()
    path = settings.articles_dir / "zh" / "gift-wrap.md"
    last = date.today() + timedelta(days=1)
    text = path.read_text("utf-8").replace("owner:", f"valid_until: {last}\nowner:")
    path.write_text(text, "utf-8")
    digest = ensure_built(settings, say=quiet)
    said: List[str] = []
    live = Live.open(settings.index_root, say=said.append)
    for days in range(3):
        await live.keep_pages(date.today() + timedelta(days=days))
    pages = settings.index_root / digest / "help"
    names = sorted(folder.name for folder in pages.glob("[0-9]*"))
    assert names == ["0001-01-01", str(last + timedelta(days=1))]
    held = [(pages / name / "zh" / "gift-wrap.html").exists() for name in names]
    assert held == [True, False] and said == []
    shutil.rmtree(pages)
    pages.write_text("something in the way")
    await live.keep_pages(date.today())
    assert said and "cannot be written" in said[0]


def test_what_is_due_is_listed(
    shop_settings: NewSettings, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    settings = shop_settings()
    path = settings.articles_dir / "en" / "tea-storage.md"
    old = path.read_text("utf-8").replace("updated: 2026-11-01", "updated: 2020-01-01")
    path.write_text(old, "utf-8")
    gone = settings.articles_dir / "zh" / "gift-wrap.md"
    gone.write_text(
        gone.read_text("utf-8").replace("owner:", "valid_until: 2026-01-31\nowner:"), "utf-8"
    )
    monkeypatch.setenv("ARTICLES_DIR", str(settings.articles_dir))
    assert main(["review", "--days", "100000"]) == 0
    assert capsys.readouterr().out == "zh/gift-wrap: not served today (valid  – 2026-01-31)\n"
    assert main(["review", "--days", "2000"]) == 0
    assert "en/tea-storage: read" in capsys.readouterr().out
