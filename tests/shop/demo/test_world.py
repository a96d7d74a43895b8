"""The demo shop: what README, tests and measurements rely on."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest

from shop.demo.world import make_world
from shop.models import OrderStatus, PaymentState, RefundState, ShipmentStatus
from shop.rights import Outcome, load_policies, parcels, returnable

NAMED = {
    "C1001": ["XE20260001", "XE20260002", "XE20260003"],
    "C1002": ["XE20260004"],
    "C1003": ["XE20260005", "XE20260006"],
    "C1004": [],
}


@pytest.fixture(scope="module")
def world(policy, today):
    return make_world(today, policy)


@pytest.fixture(scope="module")
def named(world):
    return {order.number: order for order in world.orders[:6]}


def _local(moment, policy):
    return moment.astimezone(policy.zone)


def test_the_known_customers_are_there(world):
    known = [(c.id, c.name, c.language.value, c.phone) for c in world.customers[:3]]
    assert known == [
        ("C1001", "林晓雯", "zh-Hans", "13800001001"),
        ("C1002", "陳大文", "zh-Hant", "13800001002"),
        ("C1003", "Emma Clark", "en", "13800001003"),
    ]
    assert world.customers[0].level == "gold"
    assert (world.customers[3].id, world.customers[3].language) == ("C1004", "zh-Hans")


def test_the_known_customers_have_exactly_their_orders(world):
    found = {customer_id: [] for customer_id in NAMED}
    for order in world.orders:
        if order.customer_id in NAMED:
            found[order.customer_id].append(order.number)
    assert found == NAMED


def test_the_parcel_in_transit_has_three_scans_and_a_promise_ahead(named, today, policy):
    order = named["XE20260001"]
    (parcel,) = order.shipments
    assert (order.status, parcel.status) == (OrderStatus.SHIPPED, ShipmentStatus.IN_TRANSIT)
    assert len(parcel.events) == 3
    last = _local(parcel.events[-1].at, policy).date()
    assert today - timedelta(days=1) <= last <= today
    assert parcel.promised_on > today


@pytest.mark.parametrize(
    ("number", "days", "lines"),
    [("XE20260002", 3, 1), ("XE20260003", 40, 1), ("XE20260005", 1, 2)],
)
def test_delivered_orders_were_delivered_so_many_days_ago(
    named, policy, today, number, days, lines
):
    order = named[number]
    assert order.status is OrderStatus.DELIVERED
    assert (today - _local(order.delivered_at, policy).date()).days == days
    assert len(order.lines) == lines


def test_the_named_orders_show_every_answer_to_a_return(named, policy, today):
    now = datetime.combine(today, time(10), tzinfo=policy.zone)

    def verdict(number):
        return returnable(named[number], policies=load_policies(), now=now)

    assert verdict("XE20260002").allowed
    for number in ("XE20260001", "XE20260003", "XE20260004", "XE20260006"):
        assert verdict(number).outcome is Outcome.DENIED, number
    mixed = verdict("XE20260005")
    engraved, ordinary = named["XE20260005"].lines
    assert mixed.facts["returnable_line_ids"] == (engraved.id, ordinary.id)
    assert mixed.facts["claim_line_ids"] == (engraved.id,)


def test_the_paid_order_is_not_shipped_and_the_refund_is_on_its_way(named, today):
    paid, refunding = named["XE20260004"], named["XE20260006"]
    assert (paid.status, paid.shipments) == (OrderStatus.PAID, ())
    assert refunding.status is OrderStatus.REFUNDING
    assert refunding.refund.state is RefundState.APPROVED
    assert refunding.refund.due_on > today
    assert 0 < refunding.refund.amount_cents <= refunding.total_cents


def test_the_crowd_is_large_and_of_every_kind(world):
    assert len(world.customers) == 220
    assert len({customer.name for customer in world.customers}) == 220
    assert Counter(customer.language for customer in world.customers).keys() == {
        "zh-Hans",
        "zh-Hant",
        "en",
    }
    assert len(world.orders) == 1500
    assert len({order.number for order in world.orders}) == 1500
    assert min(order.number for order in world.orders[6:]) == "XE20261000"
    statuses = Counter(order.status for order in world.orders)
    assert set(statuses) == set(OrderStatus)
    assert min(statuses.values()) >= 15
    assert len(world.products) == 120
    assert set(Counter(product.category for product in world.products).values()) == {15}


def test_every_order_hangs_together(world, policy, today):
    midnight = datetime.combine(today, time(), tzinfo=policy.zone)
    for order in world.orders:
        moments = [order.placed_at]
        moments += [event.at for parcel in order.shipments[:1] for event in parcel.events]
        assert moments == sorted(moments), order.number
        assert max(moments) <= midnight, order.number
        arrived = (OrderStatus.DELIVERED, OrderStatus.REFUNDING, OrderStatus.REFUNDED)
        assert (order.delivered_at is not None) == (order.status in arrived), order.number
        assert (order.refund is not None) == (order.status in arrived[1:]), order.number
        if order.delivered_at is not None and order.shipments:
            last = max(parcel.events[-1].at for parcel in order.shipments)
            assert last == order.delivered_at, order.number
        goods = sum(line.unit_price_cents * line.quantity for line in order.lines)
        assert 0 < order.total_cents <= goods + order.freight_cents, order.number
        assert order.total_cents - order.freight_cents <= goods - order.coupon_cents, order.number


def test_a_customers_parcels_all_go_to_one_city(world):
    cities = {}
    for order in world.orders:
        for parcel in order.shipments:
            if parcel.status is ShipmentStatus.DELIVERED:
                place = parcel.events[-1].place["zh"]
                assert cities.setdefault(order.customer_id, place) == place, order.number
    assert len(set(cities.values())) == 14


def test_parcels_to_remote_areas_always_pay_their_fee(world, policy):
    shipping, seen = policy.shipping, set()
    for order in world.orders:
        if not all("digital" in line.traits for line in order.lines):
            remote = order.address.region[:2] in ("新疆", "青海")
            remote = remote or order.address.region in ("Xinjiang", "Qinghai")
            seen.add((remote, order.freight_cents))
    assert seen == {
        (False, 0),
        (False, shipping.fee_cents),
        (True, shipping.remote_fee_cents),
    }


def test_every_order_was_paid_for_exactly_once_unless_it_was_not_paid_at_all(world):
    for order in world.orders:
        paid = [each for each in order.payments if each.state is not PaymentState.FAILED]
        unpaid = order.status in (OrderStatus.UNPAID, OrderStatus.CANCELLED)
        assert [each.amount_cents for each in paid] == ([] if unpaid else [order.total_cents])
        refunded = order.status is OrderStatus.REFUNDED
        assert all((each.state is PaymentState.REFUNDED) == refunded for each in paid)


def test_points_add_up_and_coupons_belong_to_orders(world):
    left = Counter()
    for customer_id, entry in world.points:
        left[customer_id] += entry.points
    for customer in world.customers:
        assert left[customer.id] == customer.points >= 0
    by_number = {order.number: order for order in world.orders}
    used = [owned for owned in world.coupons if owned.order_number]
    assert used and all(owned.coupon.used for owned in used)
    for owned in used:
        order = by_number[owned.order_number]
        assert (owned.customer_id, owned.coupon.amount_cents) == (
            order.customer_id,
            order.coupon_cents,
        )
    with_coupon = sum(order.coupon_cents > 0 for order in world.orders)
    assert with_coupon == len(used)
    assert sum(order.points_used > 0 for order in world.orders) > 10


def test_each_known_customer_has_a_coupon_to_use_and_one_that_has_run_out(world, today):
    for customer_id in NAMED:
        mine = [each.coupon for each in world.coupons if each.customer_id == customer_id]
        assert sorted(coupon.valid_until >= today for coupon in mine) == [False, True]
        assert not any(coupon.used for coupon in mine)


def test_one_order_is_in_two_parcels_of_which_one_is_stuck(world, policy, today):
    now = datetime.combine(today, time(10), tzinfo=policy.zone)
    split = [
        order
        for order in world.orders
        if order.status is OrderStatus.SHIPPED and len(order.shipments) == 2
    ]
    (order,) = split
    lines = [line_id for parcel in order.shipments for line_id in parcel.line_ids]
    assert sorted(lines) == sorted(line.id for line in order.lines)
    states = parcels(order, policies=load_policies(), now=now)
    assert sorted(state.is_stuck for state in states) == [False, True]


def test_some_lines_are_insured_for_the_way_back(world, policy):
    insured = [
        order.number
        for order in world.orders
        for line in order.lines
        if policy.returns.freight_insured in line.traits
    ]
    assert len(insured) > 50
    assert not {number for number in insured if number < "XE20261000"}


def test_paid_orders_are_not_overdue_and_open_refunds_not_late(world, policy, today):
    tonight = datetime.combine(today + timedelta(days=1), time(), tzinfo=policy.zone)
    dispatch = timedelta(hours=policy.shipping.dispatch_within_hours)
    for order in world.orders:
        if order.status is OrderStatus.PAID:
            assert order.placed_at + dispatch >= tonight, order.number
        if order.shipments and order.shipments[0].events:
            assert order.shipments[0].events[0].at - order.placed_at <= dispatch, order.number
        if order.status is OrderStatus.REFUNDING:
            assert order.refund.due_on >= today, order.number


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2027, 2, 28), date(2028, 2, 29)])
def test_the_named_orders_hold_on_any_day(policy, day):
    world = make_world(day, policy)
    order = world.orders[0]
    assert len(order.shipments[0].events) == 3
    assert order.shipments[0].promised_on > day
    assert world.orders[5].refund.due_on > day
    assert world.customers[0].level == "gold"
