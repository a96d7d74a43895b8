"""Writing beside the answers: in order; what goes wrong costs a row and a line, nothing else."""

import sqlite3
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Callable, Iterator, List

import pytest

from knowledge_base.journal import AskedQuestion, Journal
from knowledge_base.journal_writer import JournalWriter

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime.now(timezone.utc)


def asked(message: str, at: datetime = NOW, text: str = "能刻字吗") -> AskedQuestion:
    return AskedQuestion("c_1", message, at, "zh", text, "unanswered")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "questions.db"


@pytest.fixture
def said() -> List[str]:
    return []


@pytest.fixture
def start(path: Path, said: List[str]) -> Iterator[Callable[..., JournalWriter]]:
    """A running writer, with room for so many notes."""
    started: List[JournalWriter] = []

    def begin(most_waiting: int = 100) -> JournalWriter:
        writer = JournalWriter(path, keep_days=90, say=said.append, most_waiting=most_waiting)
        started.append(writer)
        writer.start()
        return writer

    yield begin
    for writer in started:
        writer.stop()


def kept(path: Path) -> List[str]:
    journal = Journal(path)
    messages = [question.message for question in journal.of_conversation("c_1")]
    journal.close()
    return messages


def test_notes_are_written_in_their_order_and_all_of_them_before_it_ends(
    start: Callable[..., JournalWriter], path: Path
) -> None:
    writer = start()
    for number in range(50):
        writer.note(lambda journal, n=number: journal.record(asked(f"m{n:02}")))
    writer.note(lambda journal: journal.vote("c_1", "x", "up"))
    writer.stop()
    assert kept(path) == [f"m{number:02}" for number in range(50)]


def test_what_is_too_old_goes_at_the_start(start: Callable[..., JournalWriter], path: Path) -> None:
    journal = Journal(path)
    journal.record(asked("old", NOW - timedelta(days=91)))
    journal.record(asked("new", NOW - timedelta(days=89)))
    journal.close()
    start().note(lambda journal: None).result(10)
    assert kept(path) == ["new"]


def test_where_too_much_waits_rows_are_lost_and_nobody_waits(
    start: Callable[..., JournalWriter], path: Path, said: List[str]
) -> None:
    writer = start(most_waiting=2)
    begun, go_on = threading.Event(), threading.Event()
    writer.note(lambda _: (begun.set(), go_on.wait(10)))
    assert begun.wait(10)
    notes = [
        writer.note(lambda journal, n=number: journal.record(asked(f"m{n}"))) for number in range(4)
    ]
    assert [isinstance(note.exception(0), OSError) for note in notes[2:]] == [True, True]
    go_on.set()
    notes[1].result(10)
    assert kept(path) == ["m0", "m1"]
    assert said == ["journal_row_lost error=full"] * 2


def test_a_locked_file_costs_a_row(
    start: Callable[..., JournalWriter], path: Path, said: List[str]
) -> None:
    writer = start()
    writer.note(lambda journal: journal.record(asked("m1"))).result(10)
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    lost = writer.note(lambda journal: journal.record(asked("m2")))
    assert isinstance(lost.exception(10), sqlite3.OperationalError)
    other.rollback()
    other.close()
    writer.note(lambda journal: journal.record(asked("m3"))).result(10)
    assert kept(path) == ["m1", "m3"]
    assert said == ["journal_row_lost error=OperationalError"]


def test_a_folder_that_cannot_be_written_costs_rows_until_it_can(
    start: Callable[..., JournalWriter], tmp_path: Path, said: List[str]
) -> None:
    (tmp_path / "full").write_text("a file where the folder should be")
    writer = JournalWriter(tmp_path / "full" / "questions.db", keep_days=90, say=said.append)
    writer.start()
    assert isinstance(writer.note(lambda _: None).exception(10), OSError)
    (tmp_path / "full").unlink()
    writer.note(lambda journal: journal.record(asked("m1"))).result(10)
    writer.stop()
    assert kept(tmp_path / "full" / "questions.db") == ["m1"]
    assert set(said) == {"journal_row_lost error=FileExistsError"}


FULL = """
import resource, sys
from pathlib import Path
from datetime import datetime, timezone
from knowledge_base.journal import AskedQuestion
from knowledge_base.journal_writer import JournalWriter

def asked(message):
    return AskedQuestion("c_1", message, datetime.now(timezone.utc), "zh", "唱" * 3000, "answered")

writer = JournalWriter(Path(sys.argv[1]), keep_days=90, say=print)
writer.start()
writer.note(lambda journal: journal.record(asked("m1"))).result(10)
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, most))
print(type(writer.note(lambda journal: journal.record(asked("m2"))).exception(10)).__name__)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
writer.note(lambda journal: journal.record(asked("m3"))).result(10)
writer.stop()
"""


def test_a_full_disk_costs_a_row(path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], cwd=ROOT, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    lost = "OperationalError"
    assert ended.stdout.splitlines() == [f"journal_row_lost error={lost}", lost]
    assert kept(path) == ["m1", "m3"]


def test_half_a_character_costs_a_row(
    start: Callable[..., JournalWriter], path: Path, said: List[str]
) -> None:
    writer = start()
    writer.note(lambda journal: journal.record(asked("m1", text="half \ud83d")))
    writer.note(lambda journal: journal.record(asked("m2"))).result(10)
    assert kept(path) == ["m2"]
    assert said == ["journal_row_lost error=UnicodeEncodeError"]


def test_a_damaged_file_costs_nothing_that_is_asked_now(
    start: Callable[..., JournalWriter], path: Path, said: List[str]
) -> None:
    path.write_bytes(b"x" * 5000)
    start().note(lambda journal: journal.record(asked("m1"))).result(10)
    assert kept(path) == ["m1"]
    assert said == ["journal_damaged kept=questions.db.damaged"]
