"""Answers that are still good, in bounded memory and for several threads."""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock
from typing import Callable

from shop.tracking.report import Report


class KeptAnswers:
    """Keeps each answer for ``seconds``, and at most ``most`` of them."""

    def __init__(self, *, seconds: int, most: int, now: Callable[[], datetime]) -> None:
        self._life = timedelta(seconds=seconds)
        self._most = most
        self._now = now
        self._lock = Lock()
        # All live equally long, so the one put in first is the first to go.
        self._kept: OrderedDict[str, tuple[datetime, Report]] = OrderedDict()

    def get(self, number: str) -> Report | None:
        """Return the answer about a tracking number, while it is good."""
        with self._lock:
            kept = self._kept.get(number)
        if kept is None:
            return None
        until, report = kept
        return report if self._now() < until else None

    def put(self, number: str, report: Report) -> None:
        """Keep an answer from now on."""
        with self._lock:
            self._kept.pop(number, None)
            self._kept[number] = (self._now() + self._life, report)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
