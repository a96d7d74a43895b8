"""What a running installation tells other commands about itself: DATA_DIR/run.json."""

import contextlib
import fcntl
import json
from pathlib import Path
from typing import Any, Dict, Iterator, Optional


class AlreadyRunning(Exception):
    """Another supervisor uses the same data folder."""


@contextlib.contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data folder; two supervisors would write the same Redis file.

    Raises:
        AlreadyRunning: somebody holds it.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with open(data_dir / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            running = read(data_dir) or {}
            where = f" at {running['address']}" if running.get("address") else ""
            raise AlreadyRunning(f"Xiaoer is running here already{where}.") from error
        try:
            yield
        finally:
            (data_dir / "run.json").unlink(missing_ok=True)


def running(data_dir: Path) -> Optional[Dict[str, Any]]:
    """What the installation told that runs now; None when none does, also after one was killed."""
    try:
        with open(data_dir / "lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return read(data_dir)
    except FileNotFoundError:
        pass
    return None


def write(data_dir: Path, content: Dict[str, Any]) -> None:
    """Tell; the file holds the Redis password, so it is ours alone."""
    fresh = data_dir / "run.json.new"
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(content))
    # Renamed, so that nobody ever reads half of it.
    fresh.rename(data_dir / "run.json")


def read(data_dir: Path) -> Optional[Dict[str, Any]]:
    """What an installation told last; None when the last one has ended as it should."""
    try:
        return dict(json.loads((data_dir / "run.json").read_text()))
    except (FileNotFoundError, ValueError):
        return None
