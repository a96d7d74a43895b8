"""Only the gateway is reachable; everything behind it listens on loopback and asks for a secret."""

import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import httpx
import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def listening(pid: int) -> List["tuple[str, int]"]:
    """(address, port) of a process's listening TCP sockets, from /proc."""
    links = [link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    inodes = {m.group(1) for link in links if (m := re.match(r"socket:\[(\d+)\]", str(link)))}
    found = []
    for family, table in ((socket.AF_INET, "tcp"), (socket.AF_INET6, "tcp6")):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address, port = fields[1].split(":")
                raw = b"".join(
                    bytes.fromhex(address[i : i + 8])[::-1] for i in range(0, len(address), 8)
                )
                found.append((socket.inet_ntop(family, raw), int(port, 16)))
    return found


@pytest.fixture
def sockets(system: Any) -> Dict[str, List["tuple[str, int]"]]:
    return {name: listening(pid) for name, pid in system.running["pids"].items()}


@linux_only
def test_every_process_listens_on_loopback_only(sockets: Any) -> None:
    assert set(sockets) == {"redis", "knowledge", "actions", "assistant", "gateway"}
    for name, addresses in sockets.items():
        assert addresses, name
        assert {address for address, _ in addresses} <= {"127.0.0.1", "::1"}, name


@linux_only
@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("assistant", "GET", "/"),
        ("assistant", "GET", "/version"),
        ("assistant", "POST", "/webhooks/xiaoer/turns"),
        ("assistant", "POST", "/webhooks/rest/webhook"),
        ("actions", "GET", "/actions"),
        ("actions", "POST", "/webhook"),
        ("knowledge", "POST", "/v1/answers"),
        ("knowledge", "GET", "/readyz"),
    ],
)
def test_internal_processes_refuse_callers_without_the_secret(
    sockets: Any, name: str, method: str, path: str
) -> None:
    url = f"http://127.0.0.1:{sockets[name][0][1]}{path}"
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        response = httpx.request(method, url, json={"text": "x"}, headers=headers)
        assert response.status_code == 401, response.text
        assert "text" not in response.text


@linux_only
def test_redis_refuses_callers_without_the_password(sockets: Any) -> None:
    with socket.create_connection(("127.0.0.1", sockets["redis"][0][1]), timeout=5) as connection:
        connection.sendall(b"KEYS *\r\n")
        assert connection.recv(1024).startswith(b"-NOAUTH")


def test_secrets_are_readable_by_their_owner_alone(system: Any) -> None:
    for name in ("secrets.json", "run.json", "redis/redis.conf"):
        assert (system.data_dir / name).stat().st_mode & 0o077 == 0, name


def test_health_readiness_and_metrics(system: Any) -> None:
    assert httpx.get(f"{system.url}/healthz").json() == {"status": "alive"}
    ready = httpx.get(f"{system.url}/readyz")
    assert ready.status_code == 200
    assert set(ready.json()["parts"]) == {"redis", "assistant", "actions", "knowledge"}
    figures = httpx.get(f"{system.url}/metrics").text
    assert "xiaoer_turn_seconds_count" in figures


def test_the_api_docs_load_nothing_from_elsewhere(system: Any) -> None:
    page = httpx.get(f"{system.url}/docs").text
    assert not re.search(r"(src|href)=\"(https?:)?//", page)
    assert httpx.get(f"{system.url}/assets/docs/swagger-ui-bundle.js").status_code == 200


def test_no_text_and_no_secret_reaches_a_log(system: Any, visitor: Any) -> None:
    canary = "my number is 13912345678 and a canary sings"
    visitor.say(canary)
    for log in (system.data_dir / "log").iterdir():
        content = log.read_text(errors="replace")
        assert "canary sings" not in content and "13912345678" not in content, log.name
        for secret in system.secrets.values():
            assert secret not in content, log.name


def test_a_busy_port_is_one_clear_sentence(system: Any, tmp_path: Path) -> None:
    port = system.url.rsplit(":", 1)[1]
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        env={"PATH": "/usr/bin:/bin", "PORT": port, "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 1
    assert ran.stderr.strip().count("\n") == 0
    assert f"Port {port} is in use" in ran.stderr


def test_the_token_command_prints_a_token_that_works(system: Any) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "token", "--customer", "C1004", "--minutes", "5"],
        env={"PATH": "/usr/bin:/bin", "DATA_DIR": str(system.data_dir)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    token = ran.stdout.strip().splitlines()[-1]
    response = httpx.get(f"{system.url}/v1/messages", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200


def test_an_agent_added_on_the_command_line_can_sign_in_and_only_once(system: Any) -> None:
    command = [sys.executable, "-m", "bot", "agent", "add", "lan", "--skills", "returns,zh"]
    env = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(system.data_dir)}
    ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True)
    password = ran.stdout.strip().rsplit(" ", 1)[1]
    account = {"name": "lan", "password": password}
    signed_in = httpx.post(f"{system.url}/v1/desk/session", json=account)
    assert signed_in.json()["agent"] == {"name": "lan", "skills": ["returns", "zh"]}
    again = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    assert again.returncode == 1 and "already" in again.stderr
