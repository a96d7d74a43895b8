"""The embedded Redis: ours alone, and what was accepted is still there after a kill."""

import contextlib
import os
import socket
import stat
import subprocess
import sys
import time

import pytest
import redis as sync_redis

from bot.supervisor.ports import free_ports
from bot.supervisor.redis_server import command

PASSWORD = "not-a-secret"


@pytest.fixture
def start(tmp_path, wait_for):
    """The server on a folder; ended at the end."""
    running = []

    def run(port):
        process = subprocess.Popen(
            command(tmp_path / "redis", port=port, password=PASSWORD),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        client = sync_redis.Redis(port=port, password=PASSWORD, decode_responses=True)

        def answers():
            with contextlib.suppress(sync_redis.RedisError):
                return client.ping()
            return False

        wait_for(answers, 10, "redis")
        running.append((process, client))
        return process, client

    yield run
    for process, client in running:
        client.close()
        process.kill()
        process.wait(10)


def test_the_configuration_is_readable_by_us_alone(tmp_path):
    binary, path = command(tmp_path / "redis", port=6379, password=PASSWORD)
    assert os.access(binary, os.X_OK)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "redis").stat().st_mode) == 0o700


def test_no_password_is_on_the_command_line(tmp_path):
    assert PASSWORD not in " ".join(command(tmp_path, port=6379, password=PASSWORD))


def test_the_newest_port_and_password_count(tmp_path):
    command(tmp_path, port=6379, password="old")
    _, path = command(tmp_path, port=6380, password="new")
    with open(path) as file:
        lines = file.read().splitlines()
    assert "port 6380" in lines and 'requirepass "new"' in lines
    assert not any("old" in line or "6379" in line for line in lines)


def test_it_keeps_what_it_was_given_though_it_is_killed(start):
    (port,) = free_ports(1)
    process, client = start(port)
    client.rpush("inbox", "1|m1")
    deadline = time.monotonic() + 10
    while client.info("persistence")["aof_pending_bio_fsync"] and time.monotonic() < deadline:
        continue
    process.kill()
    process.wait(10)
    _, again = start(port)
    assert again.lrange("inbox", 0, -1) == ["1|m1"]


def test_it_refuses_strangers_and_forgets_nothing_when_full(start):
    (port,) = free_ports(1)
    _, client = start(port)
    stranger = sync_redis.Redis(port=port)
    with pytest.raises(sync_redis.AuthenticationError):
        stranger.ping()
    stranger.close()
    settings = client.config_get("*")
    assert settings["maxmemory-policy"] == "noeviction"
    assert int(settings["maxmemory"]) > 0
    assert (settings["appendonly"], settings["appendfsync"]) == ("yes", "always")


def test_what_shoppers_wrote_stays_in_no_log_of_commands(start):
    (port,) = free_ports(1)
    _, client = start(port)
    client.eval("for i = 1, 300000 do redis.sha1hex('') end return ARGV[1]", 0, "我的电话 138")
    assert client.slowlog_get() == []


def test_it_listens_on_loopback_alone(start):
    (port,) = free_ports(1)
    _, client = start(port)
    assert "127.0.0.1" in client.config_get("bind")["bind"]
    if sys.platform != "linux":
        return
    # Addresses of the kernel's table of listening sockets: 0100007F is 127.0.0.1.
    listening = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(FileNotFoundError), open(table) as file:
            for line in file.readlines()[1:]:
                address, local_port = line.split()[1].rsplit(":", 1)
                if int(local_port, 16) == port and line.split()[3] == "0A":
                    listening.add(address)
    assert listening <= {"0100007F", "0" * 24 + "01000000"}
    assert "0100007F" in listening


def test_the_port_is_free_again_after_its_end(start):
    (port,) = free_ports(1)
    process, _ = start(port)
    process.terminate()
    process.wait(10)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
