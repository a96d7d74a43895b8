"""A guest proves an order, and does not get to guess."""

import threading

import pytest

from shop.errors import OrderNotFound, ProofRejected, TooManyAttempts
from shop.models import Identity

# C1002's order; her phone ends in 1002.
NUMBER, DIGITS = "XE20260004", "1002"
UNKNOWN = "XE20299999"


def _is_open(shop, identity, number=NUMBER):
    try:
        return shop.order(identity, number) is not None
    except OrderNotFound:
        return False


def _fail(shop, visitor, number, digits="0000"):
    with pytest.raises((ProofRejected, TooManyAttempts)) as caught:
        shop.prove_order(visitor, number, digits)
    return caught.value


@pytest.mark.parametrize("digits", ["1002", " 1002 ", "１００２", "10 02"])
def test_the_right_digits_open_the_order_however_they_are_typed(shop, visitor, digits):
    order = shop.prove_order(visitor, " xe20260004", digits)
    assert order.number == NUMBER
    assert shop.order(visitor, NUMBER) == order
    assert shop.orders(visitor) == [order]


def test_a_proof_is_good_for_one_visitor_and_one_order(shop, visitor):
    shop.prove_order(visitor, NUMBER, DIGITS)
    assert not _is_open(shop, Identity(visitor_id="v-2"), NUMBER)
    assert not _is_open(shop, visitor, "XE20260001")
    with pytest.raises(OrderNotFound):
        shop.order(Identity(visitor_id="v-2"), NUMBER)


def test_a_proof_lasts_half_an_hour_and_can_be_renewed(shop, visitor, clock):
    shop.prove_order(visitor, NUMBER, DIGITS)
    clock.forward(minutes=29, seconds=59)
    assert _is_open(shop, visitor, NUMBER)
    shop.prove_order(visitor, NUMBER, DIGITS)
    clock.forward(minutes=29)
    assert _is_open(shop, visitor, NUMBER)
    clock.forward(minutes=1)
    assert not _is_open(shop, visitor, NUMBER)
    assert shop.orders(visitor) == []


def test_a_customer_steps_up_for_ten_minutes_with_an_order_of_their_own(shop, lin, clock):
    assert not shop.has_stepped_up(lin, "XE20260001")
    assert shop.prove_order(lin, "XE20260001", "1001").number == "XE20260001"
    assert shop.has_stepped_up(lin, "xe20260001")
    assert not shop.has_stepped_up(lin, "XE20260002")
    assert not shop.has_stepped_up(Identity(visitor_id="C1001"), "XE20260001")
    clock.forward(minutes=10)
    assert not shop.has_stepped_up(lin, "XE20260001")


def test_somebody_elses_order_is_no_step_up_whatever_the_digits(shop, lin):
    answers = []
    for number in (NUMBER, UNKNOWN):
        refused = _fail(shop, Identity(customer_id="C1003"), number, DIGITS)
        answers.append((type(refused), refused.attempts_left))
    assert answers == [(ProofRejected, 4), (ProofRejected, 3)]
    assert not shop.has_stepped_up(Identity(customer_id="C1003"), NUMBER)
    with pytest.raises(OrderNotFound):
        shop.order(Identity(customer_id="C1003"), NUMBER)


def test_many_visitors_from_one_address_are_locked_out_together(shop, clock):
    for place in range(30):
        guesser = Identity(visitor_id=f"v-{place}", origin="203.0.113.7")
        assert isinstance(_fail(shop, guesser, f"XE2029{place:04}"), ProofRejected)
    next_one = Identity(visitor_id="v-30", origin="203.0.113.7")
    locked = _fail(shop, next_one, NUMBER, DIGITS)
    assert (type(locked), locked.retry_after_seconds) == (TooManyAttempts, 1800)
    elsewhere = Identity(visitor_id="v-30", origin="203.0.113.8")
    assert shop.prove_order(elsewhere, NUMBER, DIGITS).number == NUMBER


@pytest.mark.parametrize("number", [NUMBER, UNKNOWN])
def test_the_fifth_failure_locks_an_order_for_everybody(shop, clock, number):
    for left in (4, 3, 2, 1, 0):
        error = _fail(shop, Identity(visitor_id=f"v-{left}"), number)
        assert (type(error), error.attempts_left) == (ProofRejected, left)
    locked = _fail(shop, Identity(visitor_id="v-new"), number, DIGITS)
    assert (type(locked), locked.retry_after_seconds) == (TooManyAttempts, 1800)


@pytest.mark.parametrize("first", [NUMBER, UNKNOWN])
def test_the_fifth_failure_locks_a_visitor_out_of_every_order(shop, visitor, first):
    for number in (first, "XE20260001", "XE20260002", "XE20260003", UNKNOWN):
        assert isinstance(_fail(shop, visitor, number), ProofRejected)
    assert isinstance(_fail(shop, visitor, "XE20260005", "1003"), TooManyAttempts)
    other = Identity(visitor_id="v-2")
    assert shop.prove_order(other, "XE20260005", "1003").number == "XE20260005"


def test_unknown_orders_look_exactly_like_wrong_digits(shop, visitor):
    answers = []
    for name, number in (("v-a", NUMBER), ("v-b", UNKNOWN)):
        errors = [_fail(shop, Identity(visitor_id=name), number) for _ in range(7)]
        answers.append([(type(error), error.args, vars(error)) for error in errors])
    assert answers[0] == answers[1]


@pytest.mark.parametrize("digits", ["", "----", "2", "002", "01002", "13800001002", "\ud800", "一"])
def test_anything_but_the_four_digits_is_a_failure(shop, visitor, digits):
    for number in (NUMBER, UNKNOWN):
        assert isinstance(_fail(shop, visitor, number, digits), ProofRejected)


def test_a_lock_out_ends_by_itself_and_refusals_do_not_lengthen_it(shop, visitor, clock):
    for _ in range(5):
        _fail(shop, visitor, NUMBER)
        clock.forward(minutes=1)
    for _ in range(10):
        assert isinstance(_fail(shop, visitor, NUMBER, DIGITS), TooManyAttempts)
    waiting = _fail(shop, visitor, NUMBER, DIGITS).retry_after_seconds
    assert waiting == 25 * 60
    clock.forward(seconds=waiting - 1)
    assert _fail(shop, visitor, NUMBER, DIGITS).retry_after_seconds == 1
    clock.forward(seconds=1)
    assert shop.prove_order(visitor, NUMBER, DIGITS).number == NUMBER


def test_a_success_does_not_buy_new_guesses(shop, visitor):
    for _ in range(4):
        _fail(shop, visitor, "XE20260001")
    shop.prove_order(visitor, NUMBER, DIGITS)
    assert _fail(shop, visitor, "XE20260001").attempts_left == 0
    assert isinstance(_fail(shop, visitor, "XE20260001", "1001"), TooManyAttempts)


def test_guessing_at_the_same_time_gives_no_more_than_five_guesses(shop):
    errors = []
    start = threading.Barrier(8)

    def guess(place):
        start.wait()
        errors.append(type(_fail(shop, Identity(visitor_id=f"v-{place}"), NUMBER)))

    threads = [threading.Thread(target=guess, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors.count(ProofRejected) == 5
    assert errors.count(TooManyAttempts) == 3


def test_old_attempts_and_proofs_are_not_kept(shop, rows, visitor, clock):
    _fail(shop, visitor, UNKNOWN)
    shop.prove_order(visitor, NUMBER, DIGITS)
    clock.forward(hours=1)
    _fail(shop, visitor, UNKNOWN)
    kept = [rows(f"select count(*) from {table}") for table in ("proof_failures", "order_proofs")]
    assert kept == [[(1,)], [(0,)]]
