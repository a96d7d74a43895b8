"""The embedded shop looks the same from the other end of the wire."""

import pytest

from shop.errors import OrderNotFound, ProofRejected, RequestRefused, ShopUnavailable
from shop.models import Identity, Reason, ReturnRequest

STRANGER = Identity(customer_id="C1002")


@pytest.fixture
def far(remote, shop):
    return remote(shop)


def test_whatever_a_customer_looks_up_is_the_same(shop, far, lin):
    orders = shop.orders(lin, limit=50)
    assert orders and far.orders(lin, limit=50) == orders
    skus = tuple(line.sku for order in orders for line in order.lines)
    assert far.products(skus) == shop.products(skus) != {}
    assert far.product(skus[0]) == shop.product(skus[0])
    assert far.customer("C1001") == shop.customer("C1001")
    assert far.coupons(lin) == shop.coupons(lin)
    assert far.points(lin) == shop.points(lin)


def test_an_order_of_somebody_else_is_one_that_does_not_exist(shop, far, lin, visitor):
    number = shop.orders(lin)[0].number
    for asker in (STRANGER, visitor):
        for asked in (number, "XE00000000"):
            with pytest.raises(OrderNotFound):
                far.order(asker, asked)
            with pytest.raises(ProofRejected):
                far.prove_order(asker, asked, "0000")


def test_a_visitor_who_proves_an_order_sees_it(shop, far, lin, visitor):
    order = shop.orders(lin)[0]
    digits = (order.address or shop.customer("C1001")).phone_last4
    assert far.prove_order(visitor, order.number, digits) == order
    assert far.order(visitor, order.number) == order
    assert far.has_stepped_up(visitor, order.number)


def test_the_same_key_settles_once(shop, far, lin, clock):
    def settle(order, key):
        request = ReturnRequest(((order.lines[0].id, 1),), Reason.CHANGED_MIND)
        return far.settle(lin, order.number, request, idempotency_key=key, now=clock())

    done = 0
    for order in shop.orders(lin, limit=50):
        try:
            first = settle(order, f"m-{order.number}")
        except RequestRefused as refused:
            assert not refused.verdict.allowed
            continue
        done += 1
        assert settle(order, f"m-{order.number}") == first
        assert len(shop.order(lin, order.number).returns) == len(order.returns) + 1
    assert done


def test_a_database_that_is_gone_is_told_over_the_wire(engine, shop, far, lin):
    engine.dispose()
    with open(engine.url.database, "wb") as file:
        file.write(b"this is no database any more" * 100)
    with pytest.raises(ShopUnavailable):
        far.orders(lin)
