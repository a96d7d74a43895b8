"""Who sees which order: nobody one that is not theirs."""

import pytest

from shop.errors import OrderNotFound, ShopUnavailable
from shop.models import CancelRequest, Identity, InvoiceKind, InvoiceRequest, Language, Level

NOT_HERS = [
    "XE20260001",  # another customer's
    "xe20260002",
    "ＸＥ２０２６０００４",
    "XE29999999",  # nobody's
    "",
    "' OR 1=1 --",
    "XE2026000%",
    "订单",
    "XE20260001\x00",
]


def test_a_customer_is_found_by_id(shop):
    customer = shop.customer("C1001")
    assert (customer.name, customer.language, customer.level) == (
        "林晓雯",
        Language.SIMPLIFIED,
        Level.GOLD,
    )
    assert customer.phone_last4 == "1001"
    assert shop.customer("C9999") is None


@pytest.mark.parametrize("typed", ["XE20260001", " xe20260001 ", "ＸＥ２０２６０００１"])
def test_a_customers_own_order_is_found_however_it_is_typed(shop, lin, typed):
    order = shop.order(lin, typed)
    assert order.number == "XE20260001"
    assert order.customer_id == "C1001"


def test_orders_come_newest_first_and_no_more_than_asked(shop, lin, emma):
    assert [order.number for order in shop.orders(lin)] == [
        "XE20260001",
        "XE20260002",
        "XE20260003",
    ]
    assert [order.number for order in shop.orders(lin, limit=1)] == ["XE20260001"]
    assert {order.customer_id for order in shop.orders(emma, limit=100)} == {"C1003"}
    assert shop.orders(Identity(customer_id="C1004")) == []
    with pytest.raises(ValueError, match="limit"):
        shop.orders(lin, limit=0)


def test_an_order_is_the_same_alone_and_in_a_list(shop, emma):
    for order in shop.orders(emma, limit=100):
        assert shop.order(emma, order.number) == order


def _refusal(call):
    with pytest.raises(OrderNotFound) as caught:
        call()
    return type(caught.value), caught.value.args


@pytest.mark.parametrize("number", NOT_HERS)
@pytest.mark.parametrize(
    "identity",
    [
        Identity(customer_id="C1003"),
        Identity(customer_id="C1004"),
        Identity(customer_id="C9999"),
        Identity(visitor_id="v-1"),
        Identity(visitor_id="C1001"),  # a visitor who calls himself like a customer
    ],
)
def test_somebody_elses_order_and_no_order_look_the_same(shop, clock, identity, number):
    nowhere = _refusal(lambda: shop.order(identity, "XE00000000"))
    assert _refusal(lambda: shop.order(identity, number)) == nowhere
    invoice = InvoiceRequest(InvoiceKind.PERSONAL, "林晓雯")
    for request in (CancelRequest(), invoice):
        refusal = _refusal(
            lambda asked=request: shop.settle(
                identity, number, asked, idempotency_key="k", now=clock()
            )
        )
        assert refusal == nowhere
    assert shop.has_stepped_up(identity, number) is False


def test_tracking_comes_oldest_first_in_both_languages(shop, lin):
    (shipment,) = shop.order(lin, "XE20260001").shipments
    moments = [event.at for event in shipment.events]
    assert moments == sorted(moments)
    assert all(moment.utcoffset().total_seconds() == 0 for moment in moments)
    for event in shipment.events:
        assert set(event.place) == set(event.text) == {"zh", "en"}
        assert event.text["zh"] != event.text["en"]


# What another program may have written; texts that PostgreSQL would not take are SQLite's alone.
NONSENSE = [
    "update orders set status = 'teleported'",
    "update orders set total_cents = -1",
    "update order_lines set title = '[]'",
    'update order_lines set title = \'{"zh": 1, "en": 2}\'',
    "update order_lines set traits = '\"custom_made\"'",
    "update order_lines set unit_price_cents = -500",
    "update shipments set status = 'lost in thought'",
    "update shipments set line_ids = '[\"1\"]'",
    "update tracking_events set place = '{}'",
    "update orders set placed_at = 'yesterday'",
    "update order_lines set title = 'no json at all'",
]


@pytest.mark.parametrize("statement", NONSENSE)
def test_rows_that_make_no_sense_are_a_shop_that_cannot_answer(
    shop, rows, lin, statement, database
):
    only_sqlite = NONSENSE[-2:]
    if database.dialect.name == "postgresql" and statement in only_sqlite:
        return
    rows(statement)
    with pytest.raises(ShopUnavailable):
        shop.orders(lin)
    with pytest.raises(ShopUnavailable):
        shop.order(lin, "XE20260001")
