"""What a running installation tells about itself, and that there is only one."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.supervisor import run_file
from bot.supervisor.run_file import AlreadyRunning, only_one

ROOT = Path(__file__).resolve().parents[3]
TOLD = {
    "address": "http://127.0.0.1:8000",
    "redis_url": "redis://:password@127.0.0.1:6379/0",
    "pids": {"gateway": 7, "redis": None},
}
HOLDS = """
import sys
from pathlib import Path
from bot.supervisor.run_file import only_one, write
with only_one(Path(sys.argv[1])):
    write(Path(sys.argv[1]), {"address": "http://127.0.0.1:8123"})
    print("held", flush=True)
    sys.stdin.read()
"""


def test_what_is_told_can_be_read(tmp_path):
    run_file.write(tmp_path, TOLD)
    assert run_file.read(tmp_path) == TOLD


def test_the_newest_counts_and_nothing_else_is_left(tmp_path):
    run_file.write(tmp_path, TOLD)
    run_file.write(tmp_path, {"address": "http://127.0.0.1:9000"})
    assert run_file.read(tmp_path) == {"address": "http://127.0.0.1:9000"}
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_nobody_else_may_read_it(tmp_path):
    run_file.write(tmp_path, TOLD)
    assert stat.S_IMODE((tmp_path / "run.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [None, "", "{", "\x00"])
def test_nothing_runs_where_nothing_is_told(tmp_path, content):
    if content is not None:
        (tmp_path / "run.json").write_text(content)
    assert run_file.read(tmp_path) is None


def test_nothing_runs_in_a_folder_that_nobody_ever_held(tmp_path):
    assert run_file.running(tmp_path / "never") is None
    run_file.write(tmp_path, TOLD)
    assert run_file.running(tmp_path) is None


def test_there_is_only_one(tmp_path):
    with only_one(tmp_path):
        with pytest.raises(AlreadyRunning) as refused, only_one(tmp_path):
            pass
        assert str(refused.value) == "Xiaoer is running here already."
        run_file.write(tmp_path, TOLD)
        with pytest.raises(AlreadyRunning, match="at http://127.0.0.1:8000"), only_one(tmp_path):
            pass
        # Who was refused has taken nothing away.
        assert run_file.read(tmp_path) == TOLD


def test_afterwards_it_may_start_again_and_nothing_is_told(tmp_path):
    for _ in range(2):
        with only_one(tmp_path):
            run_file.write(tmp_path, TOLD)
        assert run_file.read(tmp_path) is None


def test_a_failure_inside_lets_go_too(tmp_path):
    with pytest.raises(RuntimeError), only_one(tmp_path):
        raise RuntimeError
    with only_one(tmp_path):
        assert (tmp_path / "lock").exists()


def test_two_folders_are_two_installations(tmp_path):
    with only_one(tmp_path / "one"), only_one(tmp_path / "other"):
        assert (tmp_path / "one").is_dir()


def test_another_process_holds_it_until_it_is_killed(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning, match="8123"), only_one(tmp_path):
            pass
        assert run_file.running(tmp_path) == {"address": "http://127.0.0.1:8123"}
    finally:
        holder.kill()
        holder.communicate()
    # It could not clean up, but it holds nothing any more, and nothing runs.
    assert run_file.running(tmp_path) is None
    assert json.loads((tmp_path / "run.json").read_text())
    with only_one(tmp_path):
        assert (tmp_path / "lock").exists()
    assert run_file.read(tmp_path) is None
