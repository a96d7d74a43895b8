"""A return is opened once, by the rules, whoever asks how often and from wherever."""

import threading
from datetime import timedelta, timezone

import pytest

from shop.errors import (
    IdempotencyConflict,
    LineNotFound,
    OrderNotFound,
    ReturnRefused,
)
from shop.models import Identity, Payer, Reason

COAT = "XE20260002"


def _body(clock, **changes):
    body = {"reason": "size", "note": "", "idempotency_key": "key-1", "now": clock()}
    return {**body, **changes}


def _line_ids(shop, identity, number):
    return [line.id for line in shop.order(identity, number).lines]


def test_a_return_tells_all_that_a_shopper_needs(shop, lin, clock):
    line_ids = _line_ids(shop, lin, COAT)
    before = shop.order(lin, COAT)
    opened = shop.open_return(
        lin, " xe20260002 ", line_ids=line_ids, **_body(clock, note="袖子太长 sleeves too long")
    )
    assert opened.order_number == COAT
    assert opened.line_ids == tuple(line_ids)
    assert opened.reason is Reason.SIZE
    assert opened.note == "袖子太长 sleeves too long"
    assert opened.refund_cents == min(before.total_cents, before.lines[0].unit_price_cents)
    assert opened.freight_paid_by is Payer.SHOPPER
    assert opened.opened_at == clock()
    assert opened.opened_at.tzinfo is timezone.utc
    assert opened.rma_number.startswith("RMA")
    assert shop.returns(lin, COAT) == [opened]
    assert shop.order(lin, COAT).lines[0].left_quantity == 0


def test_the_same_key_and_body_give_the_same_return_and_nothing_else(shop, emma, clock):
    line_ids = _line_ids(shop, emma, "XE20260005")
    body = _body(clock, reason="damaged")
    first = shop.open_return(emma, "XE20260005", line_ids=line_ids, **body)
    clock.forward(days=90)
    again = shop.open_return(
        emma, "xe20260005", line_ids=[*reversed(line_ids), line_ids[0]], **{**body, "now": clock()}
    )
    assert again == first
    assert shop.returns(emma, "XE20260005") == [first]


@pytest.mark.parametrize(
    "changes",
    [{"reason": "quality"}, {"note": "别的说明"}, {"line_ids": [1, 2]}, {"number": "XE20260003"}],
)
def test_the_same_key_with_another_body_is_a_conflict(shop, lin, clock, changes):
    call = {"number": COAT, "line_ids": _line_ids(shop, lin, COAT), **_body(clock)}
    first = shop.open_return(lin, **call)
    with pytest.raises(IdempotencyConflict):
        shop.open_return(lin, **{**call, **changes})
    assert shop.returns(lin, COAT) == [first]
    assert shop.returns(lin, "XE20260003") == []


def test_a_key_belongs_to_whoever_uses_it(shop, lin, emma, clock):
    shop.open_return(lin, COAT, line_ids=_line_ids(shop, lin, COAT), **_body(clock))
    line_ids = _line_ids(shop, emma, "XE20260005")
    body = _body(clock, reason="quality")
    assert shop.open_return(emma, "XE20260005", line_ids=line_ids, **body)


def test_a_second_key_finds_the_line_already_returned(shop, lin, clock):
    line_ids = _line_ids(shop, lin, COAT)
    shop.open_return(lin, COAT, line_ids=line_ids, **_body(clock))
    with pytest.raises(ReturnRefused) as caught:
        shop.open_return(lin, COAT, line_ids=line_ids, **_body(clock, idempotency_key="key-2"))
    assert caught.value.verdict.rule == "already_returned"


def _race(shop, identity, number, line_ids, clock, keys):
    outcomes, start = [], threading.Barrier(len(keys))

    def run(key):
        start.wait()
        try:
            body = _body(clock, idempotency_key=key)
            outcomes.append(shop.open_return(identity, number, line_ids=line_ids, **body))
        except ReturnRefused as refusal:
            outcomes.append(refusal.verdict.rule)

    threads = [threading.Thread(target=run, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_eight_at_once_open_exactly_one_return(shop, lin, clock):
    line_ids = _line_ids(shop, lin, COAT)
    keys = [f"key-{place}" for place in range(8)]
    outcomes = _race(shop, lin, COAT, line_ids, clock, keys)
    opened = shop.returns(lin, COAT)
    assert len(opened) == 1
    assert outcomes.count(opened[0]) == 1
    assert outcomes.count("already_returned") == 7


def test_eight_retries_at_once_all_get_the_same_return(shop, lin, clock):
    line_ids = _line_ids(shop, lin, COAT)
    outcomes = _race(shop, lin, COAT, line_ids, clock, ["one-key"] * 8)
    assert outcomes == shop.returns(lin, COAT) * 8


@pytest.mark.parametrize(
    ("number", "reason", "later", "rule"),
    [
        ("XE20260001", "size", 0, "not_delivered"),
        ("XE20260003", "quality", 0, "window_over"),
        ("XE20260002", "size", 5, "window_over"),
    ],
)
def test_the_rules_are_asked_again_when_it_is_opened(shop, lin, clock, number, reason, later, rule):
    body = _body(clock, reason=reason, now=clock() + timedelta(days=later))
    with pytest.raises(ReturnRefused) as caught:
        shop.open_return(lin, number, line_ids=_line_ids(shop, lin, number), **body)
    assert caught.value.verdict.rule == rule
    assert shop.returns(lin, number) == []


def test_a_refused_key_may_be_used_again(shop, emma, clock):
    engraved, ordinary = shop.order(emma, "XE20260005").lines
    with pytest.raises(ReturnRefused) as caught:
        shop.open_return(emma, "XE20260005", line_ids=[engraved.id], **_body(clock))
    assert caught.value.verdict.rule == "custom_made"
    assert shop.open_return(emma, "XE20260005", line_ids=[ordinary.id], **_body(clock))


def test_lines_returned_one_by_one_give_back_no_more_than_was_paid(shop, emma, clock):
    order = shop.order(emma, "XE20260005")
    back = [
        shop.open_return(
            emma,
            order.number,
            line_ids=[line.id],
            **_body(clock, reason="quality", idempotency_key=f"key-{line.id}"),
        )
        for line in order.lines
    ]
    assert sum(opened.refund_cents for opened in back) <= order.total_cents
    assert {opened.freight_paid_by for opened in back} == {Payer.SHOP}
    assert {opened.rma_number for opened in shop.returns(emma, order.number)} == {
        opened.rma_number for opened in back
    }


def test_a_visitor_opens_a_return_only_with_a_fresh_proof(shop, visitor, clock):
    shop.prove_order(visitor, COAT, "1001")
    line_ids = _line_ids(shop, visitor, COAT)
    opened = shop.open_return(visitor, COAT, line_ids=line_ids, **_body(clock))
    assert shop.returns(Identity(customer_id="C1001"), COAT) == [opened]
    clock.forward(minutes=31)
    with pytest.raises(OrderNotFound):
        shop.open_return(visitor, COAT, line_ids=line_ids, **_body(clock))


def test_a_line_of_another_order_cannot_be_slipped_in(shop, lin, emma, clock):
    foreign = _line_ids(shop, emma, "XE20260005")
    own = _line_ids(shop, lin, COAT)
    with pytest.raises(LineNotFound):
        shop.open_return(lin, COAT, line_ids=own + foreign, **_body(clock))
    assert shop.order(lin, COAT).lines[0].returned_quantity == 0


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [({"idempotency_key": ""}, "idempotency key"), ({"reason": "bored"}, "bored")],
)
def test_a_malformed_call_changes_nothing(shop, lin, clock, changes, complaint):
    line_ids = _line_ids(shop, lin, COAT)
    with pytest.raises(ValueError, match=complaint):
        shop.open_return(lin, COAT, line_ids=line_ids, **_body(clock, **changes))
    with pytest.raises(ValueError, match="time zone"):
        naive = clock().replace(tzinfo=None)
        shop.open_return(lin, COAT, line_ids=line_ids, **_body(clock, now=naive))
    assert shop.returns(lin, COAT) == []


def test_a_note_that_no_database_can_hold_is_kept_without_what_cannot(shop, lin, clock):
    body = _body(clock, note="太大\x00了\ud800")
    opened = shop.open_return(lin, COAT, line_ids=_line_ids(shop, lin, COAT), **body)
    assert opened.note == "太大了?"
    assert shop.returns(lin, COAT) == [opened]
