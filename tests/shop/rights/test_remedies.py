"""What is offered for a problem: what may happen now first, then what is best for the shopper."""

from datetime import timedelta

import pytest

from shop.models import Problem, Reason
from shop.rights import load_policies, remedies
from shop.rights.table.specimens import DELIVERED_AT, arrived, line, order, product, under_way

POLICIES = load_policies()
STOCK = {"SKU1": product()}
CHEAP = order(line(unit_price_cents=1500, category="electronics"), line(2))
DEAR = order(line(category="electronics"), line(2))


def offered(bought, matter, *, pieces=((1, 1),), days=1, products=STOCK):
    now = DELIVERED_AT + timedelta(days=days)
    verdicts = remedies(bought, pieces, matter, policies=POLICIES, now=now, products=products)
    return [(verdict.remedy.value, verdict.outcome.value) for verdict in verdicts]


@pytest.mark.parametrize(
    ("bought", "matter", "days", "first", "last"),
    [
        (CHEAP, Reason.DAMAGED, 1, ("refund_only", "allowed"), ("repair", "allowed")),
        (DEAR, Reason.QUALITY, 1, ("exchange", "allowed"), ("refund_only", "denied")),
        (DEAR, Reason.QUALITY, 40, ("repair", "allowed"), ("return", "denied")),
        (DEAR, Reason.MISSING, 1, ("resend", "allowed"), ("refund_only", "needs_person")),
        (DEAR, Reason.SIZE, 1, ("exchange", "allowed"), ("return", "allowed")),
        (DEAR, Reason.CHANGED_MIND, 1, ("return", "allowed"), ("exchange", "allowed")),
        (DEAR, Problem.WRONG_ITEM, 1, ("exchange", "allowed"), ("refund_only", "denied")),
        (arrived(promised=-2), Problem.LATE, 1, ("compensation", "allowed"), ("inquiry", "denied")),
        (
            under_way(scanned=-3, promised=2),
            Problem.STUCK,
            0,
            ("inquiry", "allowed"),
            ("compensation", "denied"),
        ),
        (
            under_way(scanned=-11, promised=2),
            Problem.LOST,
            0,
            ("resend", "allowed"),
            ("inquiry", "allowed"),
        ),
        (
            arrived(promised=0),
            Problem.NOT_RECEIVED,
            0,
            ("inquiry", "allowed"),
            ("inquiry", "allowed"),
        ),
    ],
)
def test_the_best_that_is_possible_comes_first(bought, matter, days, first, last):
    found = offered(bought, matter, days=days)
    assert (found[0], found[-1]) == (first, last)


def test_without_pieces_everything_that_is_left_is_meant():
    assert offered(DEAR, Reason.CHANGED_MIND, pieces=()) == [("return", "allowed")]
    assert offered(order(line(returned_quantity=1)), Reason.SIZE, pieces=()) == []


def test_an_exchange_for_size_is_offered_for_what_is_in_stock():
    now = DELIVERED_AT
    best = remedies(DEAR, ((1, 1),), Reason.SIZE, policies=POLICIES, now=now, products=STOCK)[0]
    assert best.facts["variant"] == "SKU1-L"
    only = {"SKU1": product(variants=product().variants[:1])}
    assert offered(DEAR, Reason.SIZE, products=only) == [("return", "allowed")]


def test_nothing_is_promised_for_an_order_that_has_not_come():
    moving = under_way(scanned=0, promised=3)
    for reason in Reason:
        assert {outcome for _, outcome in offered(moving, reason, days=0)} == {"denied"}
