"""Writes the journal in a thread of its own: no answer ever waits for the disk."""

from __future__ import annotations

import queue
import sqlite3
import threading
from concurrent.futures import Future
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable

from knowledge_base.journal import Journal

Say = Callable[[str], None]
Note = Callable[[Journal], object]

# More than a second's questions; beyond that the disk is not merely slow.
MOST_WAITING = 1000
_STOP_SECONDS = 5.0
_LOOK_SECONDS = 3600.0


class JournalWriter:
    """Takes notes and writes them down in their order.

    One that cannot be written (a full disk, a locked file, too many waiting) is lost and told;
    nothing else happens.
    """

    def __init__(
        self, path: Path, *, keep_days: int, say: Say, most_waiting: int = MOST_WAITING
    ) -> None:
        self._path = path
        self._keep_days = keep_days
        self._say = say
        self._waiting: "queue.Queue[tuple[Note, Future[object]] | None]" = queue.Queue(most_waiting)
        self._journal: Journal | None = None
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)

    def start(self) -> None:
        """Begin writing; what is too old goes now and then once a day."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, within a few seconds, and end."""
        try:
            self._waiting.put(None, timeout=_STOP_SECONDS)
        except queue.Full:
            return
        self._thread.join(_STOP_SECONDS)

    def note(self, note: Note) -> "Future[object]":
        """Have something written, soon; the future tells when, for those who must know."""
        done: "Future[object]" = Future()
        try:
            self._waiting.put_nowait((note, done))
        except queue.Full:
            self._say("journal_row_lost error=full")
            done.set_exception(OSError("too much waits to be written"))
        return done

    def _work(self) -> None:
        tidied = None
        while True:
            today = datetime.now(timezone.utc).date()
            if tidied != today:
                self._write(self._drop_older, Future())
                tidied = today
            try:
                taken = self._waiting.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            if taken is None:
                break
            self._write(*taken)
        if self._journal is not None:
            self._journal.close()

    def _write(self, note: Note, done: "Future[object]") -> None:
        if not done.set_running_or_notify_cancel():
            return
        try:
            if self._journal is None:
                self._journal = Journal(self._path, say=self._say)
            done.set_result(note(self._journal))
        except (sqlite3.Error, OSError, ValueError) as error:
            # A ValueError: half a character, which no file takes.
            self._say(f"journal_row_lost error={type(error).__name__}")
            done.set_exception(error)
            self._open_again(error)

    def _open_again(self, error: Exception) -> None:
        """A file that is damaged is put aside when it is opened the next time."""
        is_damaged = isinstance(error, sqlite3.DatabaseError)
        if self._journal is not None and is_damaged:
            self._journal.close()
            self._journal = None

    def _drop_older(self, journal: Journal) -> None:
        journal.drop_older(self._keep_days, now=datetime.now(timezone.utc))
