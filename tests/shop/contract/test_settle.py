"""A request is settled once, by the rules, whoever asks how often and from wherever."""

import threading
from datetime import timedelta, timezone

import pytest

from shop.errors import IdempotencyConflict, LineNotFound, OrderNotFound, RequestRefused
from shop.models import (
    CancelRequest,
    Payer,
    Reason,
    RefundState,
    Remedy,
    ReturnRequest,
)

COAT, PAIR = "XE20260002", "XE20260005"


@pytest.fixture
def settle(shop, clock):
    def do(identity, number, request, *, key="key-1", now=None):
        return shop.settle(identity, number, request, idempotency_key=key, now=now or clock())

    return do


def all_of(order, reason=Reason.SIZE, note=""):
    pieces = tuple((line.id, line.quantity) for line in order.lines)
    return ReturnRequest(pieces, reason, note)


def test_a_return_tells_all_that_a_shopper_needs(shop, settle, lin, clock):
    before = shop.order(lin, COAT)
    request = all_of(before, note="袖子太长 sleeves too long")
    done = settle(lin, " xe20260002 ", request)
    after = shop.order(lin, COAT)
    (case,) = after.returns
    assert done.number == case.rma_number
    assert done.number.startswith("RMA")
    assert (done.remedy, done.order_number) == (Remedy.RETURN, COAT)
    assert done.settled_at == clock()
    assert done.settled_at.tzinfo is timezone.utc
    assert done.refund_cents == before.total_cents - before.freight_cents
    assert done.freight_paid_by is Payer.SHOPPER
    assert done.rules
    assert (case.pieces, case.reason, case.note) == (request.pieces, Reason.SIZE, request.note)
    assert after.lines[0].left_quantity == 0
    assert after.refund.rma_number == done.number
    assert after.refund.state is RefundState.WAITING
    assert after.refund.amount_cents == done.refund_cents
    assert done.due_at.astimezone(clock().tzinfo).date() == after.refund.due_on


def test_the_same_key_and_request_give_the_same_settlement_and_nothing_else(
    shop, settle, emma, clock
):
    _, ordinary = shop.order(emma, PAIR).lines
    request = ReturnRequest(((ordinary.id, 1),), Reason.OTHER)
    first = settle(emma, PAIR, request)
    after = shop.order(emma, PAIR)
    clock.forward(days=90)
    assert settle(emma, "xe20260005", request) == first
    assert shop.order(emma, PAIR) == after


def test_pieces_in_another_order_are_the_same_request(shop, settle, emma):
    order = shop.order(emma, "XE20260005")
    request = all_of(order, Reason.OTHER)
    turned = ReturnRequest(tuple(reversed(request.pieces)), Reason.OTHER)
    outcomes = []
    for asked in (request, turned):
        with pytest.raises(RequestRefused) as caught:
            settle(emma, PAIR, asked)
        outcomes.append(caught.value.verdict)
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(
    "change",
    [
        lambda order: all_of(order, Reason.CHANGED_MIND),
        lambda order: all_of(order, note="别的说明"),
        lambda order: CancelRequest(),
    ],
)
def test_the_same_key_with_another_request_is_a_conflict(shop, settle, lin, change):
    order = shop.order(lin, COAT)
    settle(lin, COAT, all_of(order))
    after = shop.order(lin, COAT)
    with pytest.raises(IdempotencyConflict):
        settle(lin, COAT, change(order))
    with pytest.raises(IdempotencyConflict):
        settle(lin, "XE20260003", all_of(order))
    assert shop.order(lin, COAT) == after


def test_a_key_belongs_to_whoever_uses_it(shop, settle, lin, emma):
    settle(lin, COAT, all_of(shop.order(lin, COAT)))
    _, ordinary = shop.order(emma, PAIR).lines
    assert settle(emma, PAIR, ReturnRequest(((ordinary.id, 1),), Reason.OTHER))


def test_a_second_key_finds_the_line_already_returned(shop, settle, lin):
    order = shop.order(lin, COAT)
    settle(lin, COAT, all_of(order))
    with pytest.raises(RequestRefused) as caught:
        settle(lin, COAT, all_of(order), key="key-2")
    assert not caught.value.verdict.allowed
    assert len(shop.order(lin, COAT).returns) == 1


def _race(settle, identity, number, request, keys):
    outcomes, start = [], threading.Barrier(len(keys))

    def run(key):
        start.wait()
        try:
            outcomes.append(settle(identity, number, request, key=key))
        except RequestRefused:
            outcomes.append("refused")

    threads = [threading.Thread(target=run, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_eight_tabs_at_once_open_exactly_one_return(shop, settle, lin):
    request = all_of(shop.order(lin, COAT))
    outcomes = _race(settle, lin, COAT, request, [f"key-{place}" for place in range(8)])
    (opened,) = shop.order(lin, COAT).returns
    done = [outcome for outcome in outcomes if outcome != "refused"]
    assert [settlement.number for settlement in done] == [opened.rma_number]
    assert outcomes.count("refused") == 7


def test_eight_retries_at_once_all_get_the_same_settlement(shop, settle, lin):
    outcomes = _race(settle, lin, COAT, all_of(shop.order(lin, COAT)), ["one-key"] * 8)
    assert outcomes == outcomes[:1] * 8
    assert len(shop.order(lin, COAT).returns) == 1


def test_the_rules_are_asked_again_when_it_is_settled(shop, settle, lin, clock):
    late = clock() + timedelta(days=60)
    for number, now in (("XE20260001", clock()), ("XE20260003", clock()), (COAT, late)):
        with pytest.raises(RequestRefused):
            settle(lin, number, all_of(shop.order(lin, number)), now=now)
        assert shop.order(lin, number).returns == ()


def test_a_refused_key_may_be_used_again(shop, settle, emma):
    engraved, ordinary = shop.order(emma, PAIR).lines
    with pytest.raises(RequestRefused) as caught:
        settle(emma, PAIR, ReturnRequest(((engraved.id, 1),), Reason.SIZE))
    assert caught.value.verdict.rule == "custom_made"
    assert settle(emma, PAIR, ReturnRequest(((ordinary.id, 1),), Reason.SIZE))


def test_a_visitor_settles_only_with_a_fresh_proof(shop, settle, visitor, lin, clock):
    shop.prove_order(visitor, COAT, "1001")
    request = all_of(shop.order(visitor, COAT))
    done = settle(visitor, COAT, request)
    assert shop.order(lin, COAT).returns[0].rma_number == done.number
    clock.forward(minutes=31)
    with pytest.raises(OrderNotFound):
        settle(visitor, COAT, request)


def test_a_line_of_another_order_cannot_be_slipped_in(shop, settle, lin, emma):
    (own,) = shop.order(lin, COAT).lines
    foreign = shop.order(emma, PAIR).lines[0]
    with pytest.raises(LineNotFound):
        settle(lin, COAT, ReturnRequest(((own.id, 1), (foreign.id, 1)), Reason.SIZE))
    assert shop.order(lin, COAT).lines[0].returned_quantity == 0


def test_a_malformed_call_changes_nothing(shop, settle, lin, clock):
    order = shop.order(lin, COAT)
    with pytest.raises(ValueError, match="idempotency key"):
        settle(lin, COAT, all_of(order), key="")
    with pytest.raises(ValueError, match="time zone"):
        settle(lin, COAT, all_of(order), now=clock().replace(tzinfo=None))
    for pieces in ((), ((order.lines[0].id, 0),), ((order.lines[0].id, -1),)):
        with pytest.raises(ValueError):
            settle(lin, COAT, ReturnRequest(pieces, Reason.SIZE))
    assert shop.order(lin, COAT) == order


def test_more_pieces_than_were_bought_are_refused(shop, settle, lin):
    (line,) = shop.order(lin, COAT).lines
    with pytest.raises(RequestRefused):
        settle(lin, COAT, ReturnRequest(((line.id, line.quantity + 1),), Reason.SIZE))
    assert shop.order(lin, COAT).returns == ()


def test_a_note_that_no_database_can_hold_is_kept_without_what_cannot(shop, settle, lin):
    request = all_of(shop.order(lin, COAT), note="太大\x00了\ud800")
    settle(lin, COAT, request)
    assert shop.order(lin, COAT).returns[0].note == "太大了?"
    assert settle(lin, COAT, request)
