"""Watch mode: what is saved is answered from, what is broken is told, as real processes."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import httpx
import pytest

from knowledge_base.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def heeding_ctrl_c() -> Iterator[None]:
    """Children start as from a terminal; tests in the background hand down that it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def start(
    heeding_ctrl_c: None,
    environment: Callable[[Settings], Dict[str, str]],
    tmp_path: Path,
) -> Iterator[Callable[..., Any]]:
    """Starts a command of the knowledge base; gives the process and the file of what it says."""
    running: List["subprocess.Popen[bytes]"] = []

    def run(settings: Settings, command: str) -> Any:
        said = tmp_path / command
        with said.open("wb") as output:
            child = subprocess.Popen(
                [sys.executable, "-m", "knowledge_base", command],
                cwd=ROOT,
                env=environment(settings),
                stdout=output,
                stderr=output,
            )
        running.append(child)
        return child, said

    yield run
    for child in running:
        child.terminate()
        child.wait(20)


@pytest.mark.timeout(500)
def test_what_is_saved_is_answered_and_what_is_broken_is_told(
    shop_settings: Callable[..., Settings],
    start: Callable[..., Any],
    wait_for: Callable[..., Any],
) -> None:
    settings = shop_settings(port=free_port())
    watching, said = start(settings, "watch")
    wait_for(lambda: "Ctrl-C ends it" in said.read_text(), 120, "the watch")
    _, served = start(settings, "serve")
    wait_for(lambda: "on http://" in served.read_text(), 120, "the service")
    client = httpx.Client(
        base_url=f"http://127.0.0.1:{settings.port}",
        headers={"Authorization": f"Bearer {settings.service_token}"},
    )

    def told() -> str:
        asked = {"text": "礼盒要另外收钱吗", "language": "zh"}
        try:
            body = client.post("/v1/answers", json=asked).json()
        except httpx.TransportError:
            return ""
        return str((body["answer"] or {}).get("text"))

    path = settings.articles_dir / "zh" / "gift-wrap.md"
    good = path.read_text("utf-8")
    wait_for(lambda: "5元" in told(), 20, "the first answer")

    path.write_text(good.replace("5元", "6元"), "utf-8")
    wait_for(lambda: "6元" in told(), 60, "what was saved")
    assert "saved: gift-wrap.md" in said.read_text()

    path.write_text(good.replace("topic: gifts", "topic: [gifts"), "utf-8")
    wait_for(lambda: "error:" in said.read_text(), 60, "the error")
    assert f"{path}:" in said.read_text() and "goes on answering" in said.read_text()
    assert "6元" in told()
    assert watching.poll() is None

    # As most editors do it: written beside it, then put in its place.
    fresh = path.with_name(".gift-wrap.md.swp")
    fresh.write_text(good.replace("5元", "8元"), "utf-8")
    fresh.replace(path)
    wait_for(lambda: "8元" in told(), 60, "what was mended")
    client.close()

    watching.send_signal(signal.SIGINT)
    assert watching.wait(20) == 0
    assert said.read_text().rstrip().endswith("no longer watching")


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_without_a_folder_there_is_nothing_to_watch(
    shop_settings: Callable[..., Settings],
    commands: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nowhere = {f"{name}_dir": tmp_path / "none" for name in ("articles", "variants", "examples")}
    assert commands(shop_settings(**nowhere), "watch") == 2
    assert "nothing to watch" in capsys.readouterr().err
