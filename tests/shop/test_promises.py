"""Promises are written down once, found by whom they were made to, and closed once."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from shop import ShopSettings, ShopUnavailable, open_promises
from shop.models import Promise, PromiseState

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)
OPEN, KEPT, BROKEN = PromiseState.OPEN, PromiseState.KEPT, PromiseState.BROKEN


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/not-there-yet/shop.db"


@pytest.fixture
def open_book(url):
    books = []

    def open_another():
        books.append(open_promises(ShopSettings(database_url=url)))
        return books[-1]

    yield open_another
    for book in books:
        book.dispose()


@pytest.fixture
def book(open_book):
    return open_book()


@pytest.fixture
def make(book):
    """Write a promise down that is due so many hours from now."""

    def make(promise_id="p-1", hours=24.0, **more):
        promise = Promise(
            id=promise_id,
            kind="refund",
            reference="RF20260002",
            order_number="XE20260002",
            actor="customer:C1001",
            conversation_id="c-1",
            made_at=NOW,
            due_at=NOW + timedelta(hours=hours),
        )
        promise = replace(promise, **more)
        book.make(promise)
        return promise

    return make


def awaited(book, actor="customer:C1001", since=NOW - timedelta(days=30)):
    return book.open_for(actor, broken_since=since)


def test_a_promise_comes_back_as_it_was_made(make, book):
    promise = make()
    assert awaited(book) == [promise]


def test_it_is_there_after_a_restart(make, open_book):
    promise = make()
    assert awaited(open_book()) == [promise]


def test_the_same_promise_made_again_changes_nothing(make, book):
    promise = make()
    make(hours=99)
    assert awaited(book) == [promise]
    book.close("p-1", KEPT)
    make()
    assert awaited(book) == []


def test_nobody_sees_what_others_were_promised(make, book):
    make("p-1", actor="customer:C1002")
    mine = make("p-2", actor="visitor:v-1")
    assert awaited(book, "visitor:v-1") == [mine]
    assert awaited(book) == []


def test_what_is_due_first_comes_first(make, book):
    late, early = make("p-1", hours=48), make("p-2", hours=2)
    assert awaited(book) == [early, late]


def test_only_what_is_past_its_time_is_overdue(make, book):
    make("p-1", hours=0)
    make("p-2", hours=0.001)
    first, second = make("p-4", hours=-2), make("p-3", hours=-1)
    assert book.overdue(NOW, limit=9) == [first, second]
    assert book.overdue(NOW, limit=1) == [first]


def test_what_is_due_soon_is_neither_overdue_nor_far_away(make, book):
    make("p-1", hours=-1)
    make("p-2", hours=25)
    soon = make("p-3", hours=23)
    assert book.due_soon(NOW, within=timedelta(days=1)) == [soon]


@pytest.mark.parametrize("state", [KEPT, BROKEN])
def test_a_promise_is_closed_once_and_for_all(make, book, state):
    make(hours=-1)
    assert book.close("p-1", state)
    assert not book.close("p-1", KEPT)
    assert not book.close("p-1", BROKEN)
    assert not book.close("p-9", KEPT)
    assert book.overdue(NOW, limit=9) == []
    assert book.due_soon(NOW - timedelta(days=1), within=timedelta(days=9)) == []


def test_what_is_broken_is_awaited_for_a_while_and_what_is_kept_is_not(make, book):
    make("p-1", hours=-48)
    broken = replace(make("p-2", hours=-47), state=BROKEN)
    make("p-3", hours=-1)
    for promise_id, state in (("p-1", BROKEN), ("p-2", BROKEN), ("p-3", KEPT)):
        book.close(promise_id, state)
    assert awaited(book, since=NOW - timedelta(hours=47)) == [broken]


def test_a_promise_cannot_be_opened_again(make, book):
    make()
    with pytest.raises(ValueError, match="opened again"):
        book.close("p-1", OPEN)


def test_of_many_that_close_it_at_once_one_did_it(make, open_book):
    make(hours=-1)
    books = [open_book() for _ in range(8)]
    ready, done = threading.Barrier(len(books)), []

    def close(book):
        ready.wait()
        done.append(book.close("p-1", BROKEN))

    threads = [threading.Thread(target=close, args=(book,)) for book in books]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False] * 7 + [True]


def test_two_that_write_the_same_promise_at_once_write_it_once(make, open_book, book):
    promise = make("p-0")
    ready, failed = threading.Barrier(4), []

    def write(own):
        ready.wait()
        try:
            own.make(replace(promise, id="p-1"))
        except ShopUnavailable as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(open_book(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.id for each in awaited(book)] == ["p-0", "p-1"]
    assert failed == []


def test_a_moment_without_a_zone_is_refused(make):
    with pytest.raises(ShopUnavailable):
        make(due_at=datetime(2026, 11, 21))


def test_a_database_that_is_not_there_says_so(tmp_path, make):
    promise = make()
    (tmp_path / "file").write_text("")
    book = open_promises(ShopSettings(database_url=f"sqlite:///{tmp_path}"))
    with pytest.raises(ShopUnavailable):
        book.make(promise)
    with pytest.raises(ShopUnavailable):
        book.overdue(NOW, limit=1)
