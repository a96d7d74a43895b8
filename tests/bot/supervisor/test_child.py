"""One process: started, restarted with longer pauses, stopped whatever it does."""

import asyncio
import contextlib
import os
import signal
import sys
import time

import pytest

from bot.supervisor import child as child_module
from bot.supervisor.child import Child, ChildFailed, ChildSpec

RUNS = "print('up', flush=True)\nimport time\ntime.sleep(60)"
ENDS = "import sys, time\nprint(time.monotonic(), flush=True)\nsys.exit(1)"
STUBBORN = (
    "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('up', flush=True)\ntime.sleep(60)"
)
HAS_A_CHILD = (
    "import subprocess, sys, time\n"
    "kid = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print(kid.pid, flush=True)\ntime.sleep(60)"
)


def is_alive(pid):
    """Whether a process runs; one that only waits to be collected does not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def is_told(pid, mark):
    """Whether a living process has something in its command."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return mark.encode() in file.read()
    except OSError:
        return False


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log" / "child.log"


@pytest.fixture
def words(log):
    """What the process has printed, in lines."""

    def read():
        return log.read_text().split() if log.exists() else []

    return read


@pytest.fixture
async def make(log, words):
    """Children that are stopped at the end; ready when they printed something."""
    made = []

    def child(code, *, ready=None, on_start=None):
        async def printed():
            return bool(words())

        command = [sys.executable, "-S", "-c", code]
        spec = ChildSpec("parrot", command, dict(os.environ), log, ready or printed)
        made.append(Child(spec, on_start=on_start))
        return made[-1]

    yield child
    for one in made:
        await one.stop()


async def never():
    return False


async def test_a_child_runs_until_it_is_stopped(make):
    child = make(RUNS)
    child.start()
    await child.wait_ready()
    pid = child.pid
    assert is_alive(pid)
    await child.stop()
    assert not is_alive(pid)


async def test_a_child_is_waited_for_until_it_is_ready(make, until):
    allowed = []

    async def ready():
        return bool(allowed)

    child = make(RUNS, ready=ready)
    child.start()
    waiting = asyncio.create_task(child.wait_ready())
    await until(lambda: child.pid, "the process")
    assert not waiting.done() and not child.ready.is_set()
    allowed.append(True)
    await waiting
    assert child.ready.is_set()


async def test_what_it_says_is_in_its_log_and_nowhere_else(make, words, capfd):
    child = make(RUNS)
    child.start()
    await child.wait_ready()
    assert words() == ["up"]
    assert "up" not in capfd.readouterr().out


async def test_it_gets_the_environment_that_was_given_and_no_input(make, log, words, until):
    command = [
        sys.executable,
        "-S",
        "-c",
        "import os, sys\nprint(os.getenv('SIZE'), repr(sys.stdin.read()))",
    ]
    spec = ChildSpec("reader", command, {"SIZE": "42"}, log, never)
    child = Child(spec)
    child.start()
    assert (await until(words, "its words"))[:2] == ["42", "''"]
    await child.stop()


async def test_a_child_that_dies_is_started_again_and_told(make, words, until, capsys):
    starts = []
    child = make(RUNS, on_start=lambda: starts.append(child.pid))
    child.start()
    await child.wait_ready()
    os.kill(child.pid, signal.SIGKILL)
    await until(lambda: len(starts) == 2, "a second start")
    await until(lambda: len(words()) == 2, "its words")
    assert starts[0] != starts[1] == child.pid
    assert not is_alive(starts[0]) and is_alive(starts[1])
    assert "parrot ended; starting it again" in capsys.readouterr().out


async def test_who_was_ready_once_is_started_again_after_longer_and_longer_pauses(
    make, words, until
):
    async def at_once():
        return True

    child = make(ENDS, ready=at_once)
    child.start()
    await until(lambda: len(words()) >= 4, "four starts", seconds=20)
    moments = [float(word) for word in words()[:4]]
    pauses = [later - earlier for earlier, later in zip(moments, moments[1:])]
    for pause, least in zip(pauses, [0.4, 0.8, 1.6]):
        assert pause >= least


async def test_a_healthy_life_makes_the_next_pause_short_again(make, words, until, monkeypatch):
    monkeypatch.setattr(child_module, "_HEALTHY_SECONDS", 0.0)

    async def at_once():
        return True

    child = make(ENDS, ready=at_once)
    started = time.monotonic()
    child.start()
    # Growing pauses would take 0.4 + 0.8 + 1.6 + 3.2 seconds.
    await until(lambda: len(words()) >= 5, "five starts", seconds=20)
    assert time.monotonic() - started < 6.0


async def test_three_early_ends_are_a_failure_that_names_the_log(make, words, log):
    child = make(ENDS, ready=never)
    child.start()
    with pytest.raises(ChildFailed) as failed:
        await child.wait_ready()
    assert "parrot" in str(failed.value) and str(log) in str(failed.value)
    assert len(words()) == 3


async def test_a_stubborn_child_is_killed(make, monkeypatch):
    monkeypatch.setattr(child_module, "_STOP_SECONDS", 0.3)
    child = make(STUBBORN)
    child.start()
    await child.wait_ready()
    pid = child.pid
    started = time.monotonic()
    await child.stop()
    assert time.monotonic() - started >= 0.3
    assert not is_alive(pid)


async def test_a_childs_own_children_are_stopped_with_it(make, words, until):
    child = make(HAS_A_CHILD)
    child.start()
    await child.wait_ready()
    grandchild = int(words()[0])
    assert is_alive(grandchild)
    await child.stop()
    await until(lambda: not is_alive(grandchild), "the grandchild to end")


async def test_a_stopped_child_stays_stopped(make, words):
    child = make(RUNS)
    child.start()
    await child.wait_ready()
    await child.stop()
    assert child._task.done()
    assert words() == ["up"]


async def test_stopping_in_a_pause_between_restarts_starts_nothing_more(make, words, until):
    child = make(ENDS, ready=never)
    child.start()
    await until(words, "the first end")
    await child.stop()
    assert len(words()) == 1


async def test_what_never_started_can_be_stopped(make):
    await make(RUNS).stop()


async def test_stopping_twice_is_stopping_once(make):
    child = make(RUNS)
    child.start()
    await child.wait_ready()
    await child.stop()
    await child.stop()


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 5, 10])
async def test_stopping_at_any_moment_of_a_start_leaves_nothing_running(make, log, until, steps):
    child = make(f"{RUNS}\n# {log}")
    child.start()
    for _ in range(steps):
        await asyncio.sleep(0)
    await child.stop()
    await until(
        lambda: not any(is_told(pid, str(log)) for pid in os.listdir("/proc") if pid.isdigit()),
        "nothing to run any more",
    )


async def test_ctrl_c_reaches_the_supervisor_alone(make):
    child = make(RUNS)
    child.start()
    await child.wait_ready()
    assert os.getpgid(child.pid) == child.pid != os.getpgrp()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere they stay")
async def test_a_killed_supervisor_takes_its_children_along(tmp_path, until):
    code = (
        "import asyncio, os, sys\nfrom pathlib import Path\n"
        "from bot.supervisor.child import Child, ChildSpec\n"
        "async def yes(): return True\n"
        "async def main():\n"
        f"    spec = ChildSpec('c', [sys.executable, '-c', {RUNS!r}], dict(os.environ),\n"
        "                     Path(sys.argv[1]), yes)\n"
        "    child = Child(spec)\n    child.start()\n    await child.wait_ready()\n"
        "    print(child.pid, flush=True)\n    await asyncio.sleep(60)\n"
        "asyncio.run(main())"
    )
    supervisor = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, str(tmp_path / "log")), stdout=asyncio.subprocess.PIPE
    )
    try:
        pid = int(await supervisor.stdout.readline())
        assert is_alive(pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            supervisor.kill()
        await supervisor.wait()
    await until(lambda: not is_alive(pid), "the child to end")
