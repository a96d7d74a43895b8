"""Who paid what: shares of coupons, points and discounts, to the cent."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from shop.models import (
    Payer,
    Reason,
    Remedy,
    ReturnAuthorisation,
    ReturnRequest,
    ReturnState,
)
from shop.rights import assess, load_policies
from shop.rights.shares import Share, pieces_left, shares, spread
from shop.rights.table.specimens import DELIVERED_AT, line, order

POLICIES = load_policies()


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, {1: 1, 2: 1, 3: 1}, {1: 34, 2: 33, 3: 33}),
        (200, {1: 1, 2: 1, 3: 1}, {1: 67, 2: 67, 3: 66}),
        (9999, {1: 15000, 2: 5000}, {1: 7499, 2: 2500}),
        (0, {1: 5, 2: 5}, {1: 0, 2: 0}),
        (7, {1: 0, 2: 0}, {1: 7, 2: 0}),
        (7, {1: 0, 2: 3}, {1: 0, 2: 7}),
        (0, {}, {}),
    ],
)
def test_an_amount_is_divided_by_largest_remainder(amount, weights, parts):
    assert spread(amount, weights) == parts


def test_a_coupon_comes_off_every_line_in_proportion():
    bought = order(line(1, unit_price_cents=30000), line(2, unit_price_cents=10000))
    paid = shares(order(*bought.lines, total_cents=36000 + 800, points_used=100))
    assert (paid[1].cents, paid[2].cents) == (27000, 9000)
    assert (paid[1].points, paid[2].points) == (75, 25)


def test_freight_and_gifts_have_no_share():
    paid = shares(order(line(1), line(2, gift_with=1, unit_price_cents=9900)))
    assert (paid[1].cents, paid[2].cents) == (15000, 0)


def test_a_line_of_a_bundle_has_its_part_of_the_bundle_price():
    bundle = (
        line(1, unit_price_cents=20000, bundle="B1"),
        line(2, unit_price_cents=10000, bundle="B1"),
    )
    paid = shares(order(*bundle, total_cents=24000 + 800))
    assert (paid[1].cents, paid[2].cents) == (16000, 8000)


def test_the_pieces_of_a_line_add_up_to_it():
    share = Share(quantity=3, cents=1000, points=10)
    assert [share.cents_of(1, after=number) for number in range(3)] == [333, 333, 334]
    assert [share.points_of(1, after=number) for number in range(3)] == [3, 3, 4]
    assert share.cents_of(2, after=1) == 667


def test_what_has_been_paid_back_already_is_never_paid_again():
    from datetime import date

    from shop.models import Refund, RefundState, Remedy

    back = Refund(
        "RF1", 3000, RefundState.PAID, DELIVERED_AT, date(2026, 11, 9), 0, Remedy.PRICE_PROTECTION
    )
    request = ReturnRequest(((1, 1),), Reason.CHANGED_MIND)
    verdict = assess(order(refunds=(back,)), request, policies=POLICIES, now=DELIVERED_AT)
    assert verdict.refund_cents == 12000


def test_open_exchanges_count_beside_what_was_returned():
    def case(rma, kind, state):
        opened = datetime(2026, 11, 1, tzinfo=timezone.utc)
        piece = ((1, 1),)
        return ReturnAuthorisation(
            rma, "XE20269999", kind, piece, Reason.SIZE, "", opened, 0, Payer.SHOP, state=state
        )

    bought = order(line(1, quantity=4, returned_quantity=1))
    returned = case("RMA1", Remedy.RETURN, ReturnState.OPEN)
    swapped = case("RMA2", Remedy.EXCHANGE, ReturnState.OPEN)
    done = case("RMA3", Remedy.EXCHANGE, ReturnState.CLOSED)
    (goods,) = bought.lines
    for returns, left in (((), 3), ((returned,), 3), ((returned, swapped, done), 2)):
        assert pieces_left(replace(bought, returns=returns), goods) == left
