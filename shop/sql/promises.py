"""Promises in a SQL database: the shop's own, or a file where the shop's systems are elsewhere.

Step 6 of a message's way (act). What each method promises is written in ``shop.promises``.
"""

from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.engine import Engine, Row
from sqlalchemy.sql import Select

from shop.models import Promise, PromiseState
from shop.sql import tables as t
from shop.sql.engine import reading, serialise, writing

_OPEN, _BROKEN = PromiseState.OPEN.value, PromiseState.BROKEN.value


class SqlPromiseBook:
    """A ``PromiseBook`` over a database; makes its table when that is missing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_prepared = False

    def dispose(self) -> None:
        """See ``PromiseBook.dispose``."""
        self._engine.dispose()

    def make(self, promise: Promise) -> None:
        """See ``PromiseBook.make``."""
        self._prepare()
        known = select(t.promises.c.id).where(t.promises.c.id == promise.id)
        with writing(self._engine) as connection:
            serialise(connection, f"promise {promise.id}")
            if connection.execute(known).first() is None:
                row = {**vars(promise), "state": promise.state.value}
                connection.execute(insert(t.promises).values(row))

    def open_for(self, actor: str, *, broken_since: datetime) -> list[Promise]:
        """See ``PromiseBook.open_for``."""
        state, due_at = t.promises.c.state, t.promises.c.due_at
        is_missed = (state == _BROKEN) & (due_at >= broken_since)
        query = select(t.promises).where(t.promises.c.actor == actor)
        return self._find(query.where(or_(state == _OPEN, is_missed)))

    def overdue(self, now: datetime, *, limit: int) -> list[Promise]:
        """See ``PromiseBook.overdue``."""
        is_late = (t.promises.c.state == _OPEN) & (t.promises.c.due_at < now)
        return self._find(select(t.promises).where(is_late).limit(limit))

    def due_soon(self, now: datetime, *, within: timedelta) -> list[Promise]:
        """See ``PromiseBook.due_soon``."""
        is_near = t.promises.c.due_at.between(now, now + within)
        return self._find(select(t.promises).where(t.promises.c.state == _OPEN, is_near))

    def close(self, promise_id: str, state: PromiseState) -> bool:
        """See ``PromiseBook.close``."""
        if state is PromiseState.OPEN:
            raise ValueError("a promise cannot be opened again")
        self._prepare()
        is_it = (t.promises.c.id == promise_id) & (t.promises.c.state == _OPEN)
        with writing(self._engine) as connection:
            changed = connection.execute(update(t.promises).where(is_it).values(state=state.value))
        return bool(changed.rowcount)

    def _find(self, query: Select) -> list[Promise]:
        self._prepare()
        ordered = query.order_by(t.promises.c.due_at, t.promises.c.id)
        with reading(self._engine) as connection:
            return [_promise(row) for row in connection.execute(ordered)]

    def _prepare(self) -> None:
        if self._is_prepared:
            return
        with writing(self._engine) as connection:
            serialise(connection, t.promises.name)
            t.promises.create(connection, checkfirst=True)
        self._is_prepared = True


def _promise(row: Row) -> Promise:
    return Promise(**{**row._mapping, "state": PromiseState(row.state)})
