"""A child's words on their way into its log: masked, complete, and never in its way."""

import asyncio
import os
import signal
import sys

import pytest

from bot.supervisor.child import Child, ChildSpec
from bot.supervisor.log import write_log


@pytest.fixture
def log(tmp_path):
    return tmp_path / "child.log"


@pytest.fixture
def run(log):
    """Runs some Python in a process of its own until it and its log have ended."""

    async def run_code(code, *arguments):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-S", "-c", code, *map(str, arguments)),
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        await asyncio.wait_for(write_log(process.stdout, log), 30)
        return await process.wait()

    return run_code


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("我的电话是13800138000", "我的电话是<phone>"),
        ("call +44 20 7946 0958", "call <phone>"),
        ("order=XE20260001 port=58213", "order=XE20260001 port=58213"),
        ("寄到文三路478号", "寄到<address>"),
    ],
)
async def test_what_is_printed_is_written_masked(run, log, said, written):
    await run("import sys; print(sys.argv[1])", said)
    assert log.read_text(encoding="utf-8") == f"{written}\n"


async def test_both_streams_keep_their_order(run, log):
    await run(
        "import sys\n"
        "for number in range(50):\n"
        "    print(number, file=(sys.stdout, sys.stderr)[number % 2], flush=True)"
    )
    assert log.read_text().split() == [str(number) for number in range(50)]


async def test_a_traceback_is_masked(run, log):
    code = await run("def order(phone):\n    raise ValueError(phone)\norder('13800138000')")
    words = log.read_text()
    assert code == 1 and "Traceback" in words and words.endswith("ValueError: <phone>\n")


async def test_a_number_that_comes_in_two_pieces_is_one(run, log):
    await run(
        "import os, time\n"
        "os.write(1, b'call 13800')\ntime.sleep(0.2)\nos.write(1, b'138000 now\\nbye\\n')"
    )
    assert log.read_text() == "call <phone> now\nbye\n"


async def test_bytes_that_are_no_text_survive(run, log):
    await run(r"import os; os.write(1, b'a\xff\xfe\x00b 13800138000 \xe6\x89\nnext\n')")
    assert log.read_text(encoding="utf-8") == "a\ufffd\ufffd\x00b <phone> \ufffd\nnext\n"


async def test_the_last_words_before_a_crash_are_kept(run, log):
    code = await run("import os\nos.write(1, b'one\\nlast 13800138000')\nos.kill(os.getpid(), 9)")
    assert code == -signal.SIGKILL
    assert log.read_text() == "one\nlast <phone>\n"


async def test_a_line_without_an_end_is_cut_before_half_a_number(run, log):
    await run(
        "import os\n"
        "line = b'x ' * 32763 + b'13800138000'\n"
        "for _ in range(20): os.write(1, line)\n"
        "os.write(1, b'\\nnext\\n')"
    )
    cut, following = log.read_text(encoding="utf-8").splitlines()
    assert cut.startswith("x x x ") and cut.endswith("… (cut)")
    assert len(cut) < 65_536 and "138" not in cut
    assert following == "next"


async def test_a_talkative_child_is_not_held_up(run, log):
    code = await run("import sys\nfor _ in range(20_000): print('x' * 99)")
    assert code == 0
    assert log.stat().st_size == 2_000_000


async def test_a_log_that_cannot_be_written_does_not_stop_the_child(run, log, tmp_path):
    log.mkdir()
    done = tmp_path / "done"
    code = "import sys\nprint('x' * 1_000_000, flush=True)\nopen(sys.argv[1], 'w').close()"
    assert await run(code, done) == 0
    assert done.exists()


@pytest.fixture
async def make(log):
    """Children under supervision, stopped at the end; at once ready."""
    made = []

    async def ready():
        return True

    def child(code):
        command = [sys.executable, "-S", "-c", code]
        made.append(Child(ChildSpec("parrot", command, dict(os.environ), log, ready)))
        return made[-1]

    yield child
    for one in made:
        await one.stop()


@pytest.fixture
def words(log):
    return lambda: log.read_text().split("\n") if log.exists() else []


async def test_a_child_that_is_started_again_goes_on_in_the_same_log(make, words, until):
    child = make("print('13800138000 up', flush=True)\nimport time\ntime.sleep(60)")
    child.start()
    await until(lambda: words() == ["<phone> up", ""], "its words")
    os.kill(child.pid, signal.SIGKILL)
    await until(lambda: words() == ["<phone> up", "<phone> up", ""], "its words again")


async def test_a_log_that_was_moved_away_begins_again(make, log, words, until):
    child = make("import time\nwhile True:\n    print('tick', flush=True)\n    time.sleep(0.05)")
    child.start()
    await until(lambda: len(words()) > 2, "its words")
    log.rename(log.with_suffix(".1"))
    await until(lambda: len(words()) > 2, "its words in the new file")


ORPHAN = (
    "import subprocess, sys, time\n"
    "code = 'import sys, time\\ntime.sleep(1.5)\\nprint(\"orphan\", flush=True)\\ntime.sleep(60)'\n"
    "subprocess.Popen([sys.executable, '-S', '-c', code])\n"
    "print('up', flush=True)\n"
    "time.sleep(60)"
)


async def test_what_a_dead_child_left_running_neither_holds_up_nor_is_lost(make, words, until):
    child = make(ORPHAN)
    child.start()
    await until(lambda: words()[:1] == ["up"], "its words")
    first = child.pid
    os.kill(first, signal.SIGKILL)
    try:
        await until(lambda: words().count("up") == 2, "the second start")
        await until(lambda: "orphan" in words(), "the orphan's words")
    finally:
        os.killpg(first, signal.SIGKILL)


async def test_stopping_waits_for_the_last_words(make, words, until):
    child = make(
        "import signal, sys, time\n"
        "def end(*_):\n    print('good bye', flush=True)\n    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\nprint('up', flush=True)\ntime.sleep(60)"
    )
    child.start()
    await until(lambda: words()[:1] == ["up"], "its words")
    await child.stop()
    assert words() == ["up", "good bye", ""]
