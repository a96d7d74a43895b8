"""The journal: what shoppers asked, what came of it, and what people thought of that.

One SQLite file that the knowledge process writes and that commands read, whether it runs or not.
E-mail addresses and long numbers never get into it: what a question means does not need them.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, Callable, Iterator, Sequence

ANSWERED, OFFERED, CHOSEN, UNANSWERED = "answered", "offered", "chosen", "unanswered"
# How a question was dealt with by staff.
DRAFTED, VARIANT, DISMISSED = "drafted", "variant", "dismissed"

# What stands for a number and for an e-mail address.
NUMBER_MARK, ADDRESS_MARK = "#", "@"

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+\s?[@＠]\s?[A-Za-z0-9-]+(?:[.．][A-Za-z0-9-]+)+")
# Five digits and more, in whatever groups and width; with the letters of an order number in front,
# or the X at the end of a Chinese identity number.
_NUMBER = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-zＡ-Ｚａ-ｚ]{1,4})?[+＋]?\d(?:[\s().（）/‐-―－-]{0,3}\d){4,}[XxＸｘ]?"
)

# Another process writes a row in a millisecond; who waits longer waits for something that is stuck.
_BUSY_SECONDS = 2.0

_TABLE = """
CREATE TABLE IF NOT EXISTS asked (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL,
    message TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    outcome TEXT NOT NULL,
    article TEXT,
    score REAL NOT NULL,
    index_digest TEXT NOT NULL,
    vote TEXT,
    corrected_article TEXT,
    correction_text TEXT,
    settled TEXT,
    UNIQUE (conversation, message)
)
"""
_COLUMNS = (
    *("conversation", "message", "asked_at", "language", "text", "outcome", "article", "score"),
    *("index_digest", "vote", "corrected_article", "correction_text", "settled"),
)
Say = Callable[[str], None]


@dataclass(frozen=True)
class AskedQuestion:
    """One question as it was asked; ``text`` is masked, ``asked_at`` is in UTC.

    ``outcome`` is one of ``answered`` (from ``article``), ``offered`` (several articles),
    ``chosen`` (one of those, ``article``) and ``unanswered``; ``vote`` is ``up`` or ``down``.
    """

    conversation: str
    message: str
    asked_at: datetime
    language: str
    text: str
    outcome: str
    article: str | None = None
    score: float = 0.0
    index_digest: str = ""
    vote: str | None = None
    corrected_article: str | None = None
    correction_text: str | None = None
    settled: str | None = None
    # Its row; 0 for one that is not written yet.
    id: int = 0

    @property
    def is_corrected(self) -> bool:
        """Whether an agent said what the right answer is."""
        return bool(self.corrected_article or self.correction_text)


def masked(text: str) -> str:
    """A text with marks in place of e-mail addresses and of numbers of five digits and more."""
    return _NUMBER.sub(NUMBER_MARK, _ADDRESS.sub(ADDRESS_MARK, text))


class Journal:
    """The journal's file. Every call is one transaction; raises sqlite3.Error where it fails.

    A file that is no database any more is put aside as ``<name>.damaged`` and a new one begins;
    ``say`` hears of it.
    """

    def __init__(self, path: Path, *, say: Say = lambda _: None) -> None:
        self._path = path
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = _opened(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            _put_aside(path)
            say(f"journal_damaged kept={damaged(path).name}")
            self._database = _opened(path)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def record(self, question: AskedQuestion) -> None:
        """Keep a question, its text masked; one that is asked again under its id stays as it is."""
        row = {name: getattr(question, name) for name in _COLUMNS}
        row.update(asked_at=_moment(question.asked_at), text=masked(question.text))
        names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        with self._transaction() as database:
            database.execute(f"INSERT OR IGNORE INTO asked ({names}) VALUES ({places})", row)

    def choose(self, conversation: str, article: str) -> bool:
        """The article that was picked of those offered last; False when none were offered."""
        return self._change_newest(
            "outcome = ?, article = ?",
            (CHOSEN, article),
            "conversation = ? AND outcome IN (?, ?)",
            (conversation, OFFERED, CHOSEN),
        )

    def vote(self, conversation: str, article: str, vote: str) -> bool:
        """A shopper's ``up`` or ``down`` for an answer from an article; False without one."""
        return self._change_newest("vote = ?", (vote,), *_told_from(conversation, article))

    def correct(
        self,
        question: AskedQuestion,
        *,
        article: str | None = None,
        text: str | None = None,
    ) -> None:
        """What an agent says is right: an article, or words for one.

        ``question`` is what is known of the question. Its row is found by the message, by the
        article it was answered from, or by the text; it is written if there is none.
        """
        change = ("corrected_article = ?, correction_text = ?, settled = NULL", (article, text))
        of = question.conversation
        by_message = ("conversation = ? AND message = ?", (of, question.message))
        known_by: list[tuple[str, Sequence[Any]]] = [by_message]
        if question.article:
            known_by.append(_told_from(of, question.article))
        if question.text.strip():
            known_by.append(("conversation = ? AND text = ?", (of, masked(question.text))))
        if any(self._change_newest(*change, *found) for found in known_by):
            return
        self.record(question)
        self._change_newest(*change, *by_message)

    def settle(self, rows: Sequence[int], how: str) -> None:
        """Note how staff dealt with questions, by their rows."""
        with self._transaction() as database:
            changes = [(how, row) for row in rows]
            database.executemany("UPDATE asked SET settled = ? WHERE id = ?", changes)

    def since(self, day: date) -> list[AskedQuestion]:
        """All questions from the beginning of a day (UTC) on, oldest first."""
        beginning = _moment(datetime.combine(day, time(), timezone.utc))
        return self._questions("asked_at >= ?", beginning)

    def of_conversation(self, conversation: str) -> list[AskedQuestion]:
        """All that is kept of a conversation, oldest first."""
        return self._questions("conversation = ?", conversation)

    def erase(self, conversation: str) -> int:
        """Delete a conversation's questions so that the file does not hold them either.

        Returns how many there were.
        """
        gone = self._delete("conversation = ?", conversation)
        # Nobody can tell what stands in it.
        damaged(self._path).unlink(missing_ok=True)
        self._empty_log()
        return gone

    def drop_older(self, days: int, *, now: datetime) -> int:
        """Delete what is older than so many days; returns how many questions that were."""
        limit = now - timedelta(days=days)
        gone = self._delete("asked_at < ?", _moment(limit))
        aside = damaged(self._path)
        with suppress(FileNotFoundError):
            if aside.stat().st_mtime < limit.timestamp():
                aside.unlink()
        if gone:
            self._empty_log()
        return gone

    def _change_newest(
        self, change: str, values: Sequence[Any], where: str, which: Sequence[Any]
    ) -> bool:
        newest = f"SELECT id FROM asked WHERE {where} ORDER BY id DESC LIMIT 1"
        with self._transaction() as database:
            statement = f"UPDATE asked SET {change} WHERE id = ({newest})"
            return database.execute(statement, (*values, *which)).rowcount > 0

    def _delete(self, where: str, value: str) -> int:
        with self._transaction() as database:
            return database.execute(f"DELETE FROM asked WHERE {where}", (value,)).rowcount

    def _questions(self, where: str, value: str) -> list[AskedQuestion]:
        names = ("id", *_COLUMNS)
        statement = f"SELECT {', '.join(names)} FROM asked WHERE {where} ORDER BY asked_at, id"
        with self._transaction() as database:
            rows = [dict(zip(names, row)) for row in database.execute(statement, (value,))]
        return [
            AskedQuestion(**{**row, "asked_at": datetime.fromisoformat(row["asked_at"])})
            for row in rows
        ]

    def _empty_log(self) -> None:
        """Take everything out of the write-ahead log, where old pages live on."""
        with self._lock:
            (busy, _, _) = self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("the journal is in use, its log cannot be emptied")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._database:
            yield self._database


def damaged(path: Path) -> Path:
    """Where a journal that cannot be read any more is put; there is one at most."""
    return path.with_name(f"{path.name}.damaged")


def _put_aside(path: Path) -> None:
    path.replace(damaged(path))
    for part in ("-wal", "-shm"):
        path.with_name(path.name + part).unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    # Shoppers' words: nobody else on the machine reads them.
    path.touch(mode=0o600)
    database = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        # What is deleted is overwritten, not merely unlinked.
        database.execute("PRAGMA secure_delete = ON")
        database.execute(_TABLE)
        (state,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise sqlite3.DatabaseError(state)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _told_from(conversation: str, article: str) -> tuple[str, tuple[str, ...]]:
    where = "conversation = ? AND article = ? AND outcome IN (?, ?)"
    return where, (conversation, article, ANSWERED, CHOSEN)


def _moment(at: datetime) -> str:
    """As it is stored: UTC, of one length, so that texts compare as moments do."""
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds")
