import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml

from shop.__main__ import main
from shop.http.server import describe

ROOT = Path(__file__).parents[3]


def test_the_description_is_printed(capsys):
    assert main(["describe"]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == describe()


def test_nothing_is_served_without_a_token(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("SHOP_API_TOKEN", raising=False)
    monkeypatch.chdir(tmp_path)
    assert main(["serve"]) == 1
    assert "SHOP_API_TOKEN" in capsys.readouterr().err


@pytest.fixture
def served(seeded_file, wait_for, token):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "shop", "serve", "--port", str(port)],
        cwd=ROOT,
        env={
            **os.environ,
            "SHOP_DATABASE_URL": f"sqlite:///{seeded_file}",
            "SHOP_API_TOKEN": token,
            # A shop that is itself asked over HTTP is not what is served.
            "SHOP_API_URL": f"http://127.0.0.1:{port}",
        },
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"

    def answers():
        try:
            return httpx.get(url).status_code
        except httpx.HTTPError:
            return None

    wait_for(answers, 30, "the server")
    yield url
    process.send_signal(signal.SIGINT)
    process.wait(10)


def test_the_embedded_shop_is_served_to_whoever_has_the_token(served, reach, shop, lin, token):
    assert reach(served).orders(lin) == shop.orders(lin) != []
    assert httpx.get(f"{served}/v1/orders").status_code == 401
