"""The protocol of the book in which the assistant's promises are kept.

Step 6 of a message's way (act): actions write into it, the desk watches it. It belongs to the
assistant, not to the shop: it is there as well where the shop's systems are somewhere else.
``shop.sql.promises.SqlPromiseBook`` is the implementation that comes along.

Every method may raise ``ShopUnavailable``. Moments are aware.
"""

from datetime import datetime, timedelta
from typing import Protocol

from shop.models import Promise, PromiseState


class PromiseBook(Protocol):
    """What shoppers were told would happen, and by when."""

    def dispose(self) -> None:
        """Let go of what is held open, at the end of a process."""
        ...

    def make(self, promise: Promise) -> None:
        """Write a promise down; one whose id is there already changes nothing."""
        ...

    def open_for(self, actor: str, *, broken_since: datetime) -> list[Promise]:
        """List what an actor is waiting for, oldest due first.

        Open promises, and broken ones that were due at ``broken_since`` or later.
        """
        ...

    def overdue(self, now: datetime, *, limit: int) -> list[Promise]:
        """List open promises that were due before ``now``, oldest due first."""
        ...

    def due_soon(self, now: datetime, *, within: timedelta) -> list[Promise]:
        """List open promises that are due from ``now`` on, but no later than ``within`` from it."""
        ...

    def close(self, promise_id: str, state: PromiseState) -> bool:
        """Write down what became of an open promise; tells whether this call did it.

        Raises:
            ValueError: ``state`` is ``OPEN``.
        """
        ...
