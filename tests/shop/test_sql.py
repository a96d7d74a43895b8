"""Who sees which order: nobody one that is not theirs."""

import pytest

from shop.sql.engine import open_engine
from shop.errors import OrderNotFound, ShopUnavailable
from shop.models import Identity, Language, Level
from shop.sql.backend import SqlShop

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
    assert shop.has_proven(lin, typed)


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
    assert _refusal(lambda: shop.returns(identity, number)) == nowhere
    opening = {"reason": "quality", "note": "", "idempotency_key": "k", "now": clock()}
    for line_ids in ([1], [2], [999999]):
        refusal = _refusal(
            lambda chosen=line_ids: shop.open_return(identity, number, line_ids=chosen, **opening)
        )
        assert refusal == nowhere
    assert shop.has_proven(identity, number) is False


def test_tracking_comes_oldest_first_in_both_languages(shop, lin):
    (shipment,) = shop.order(lin, "XE20260001").shipments
    moments = [event.at for event in shipment.events]
    assert moments == sorted(moments)
    assert all(moment.utcoffset().total_seconds() == 0 for moment in moments)
    for event in shipment.events:
        assert set(event.place) == set(event.text) == {"zh", "en"}
        assert event.text["zh"] != event.text["en"]


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all/shop.db", "sqlite://"])
def test_a_database_that_is_not_there_is_an_error_of_the_shop(policy, clock, lin, url):
    shop = SqlShop(open_engine(url), policy, clock)
    with pytest.raises(ShopUnavailable) as caught:
        shop.orders(lin)
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("url", ["not a url", "nosuchdatabase://host/shop"])
def test_a_url_that_cannot_be_used_is_an_error_of_the_shop(url):
    with pytest.raises(ShopUnavailable):
        open_engine(url)


def test_a_database_error_never_shows_what_was_typed(engine, policy, clock, visitor):
    shop = SqlShop(engine, policy, clock)
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE proof_failures")
        connection.commit()
    with pytest.raises(ShopUnavailable) as caught:
        shop.prove_order(visitor, "XE20260004", "1002")
    assert "1002" not in f"{caught.value} {caught.value.__cause__}"


def test_sqlite_runs_with_the_settings_it_needs(engine):
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 1500}
