"""What each kind of request changes, seen by the shopper and in the rows."""

import threading
from datetime import date, timedelta

import pytest

from shop.errors import RequestRefused, StepUpRequired
from shop.models import (
    Address,
    CancelRequest,
    CompensationRequest,
    DuplicatePaymentRequest,
    ExchangeRequest,
    Identity,
    InquiryRequest,
    InvoiceKind,
    InvoiceRequest,
    InvoiceState,
    OrderStatus,
    PaymentState,
    PriceProtectionRequest,
    Problem,
    Reason,
    RedirectRequest,
    RefundOnlyRequest,
    RefundState,
    Remedy,
    RepairRequest,
    ResendRequest,
    ReturnRequest,
    ReturnState,
)

TRAVELLING, COAT, OLD = "XE20260001", "XE20260002", "XE20260003"
PAID, PAIR = "XE20260004", "XE20260005"
NEW_HOME = Address("陳小文", "13900002222", "广东省", "广州", "桂花街8号2栋301室")


@pytest.fixture
def chen():
    return Identity(customer_id="C1002")


@pytest.fixture
def settle(shop, clock):
    def do(identity, number, request, *, key="key-1"):
        return shop.settle(identity, number, request, idempotency_key=key, now=clock())

    return do


@pytest.fixture
def stock(shop):
    def of(variant_id):
        return shop.product(variant_id.split("-")[0]).variant(variant_id).stock

    return of


def test_the_return_of_everything_puts_the_money_on_its_way(shop, settle, lin):
    (line,) = shop.order(lin, COAT).lines
    settle(lin, COAT, ReturnRequest(((line.id, 1),), Reason.SIZE))
    order = shop.order(lin, COAT)
    assert order.status is OrderStatus.REFUNDING
    assert order.returns[0].kind is Remedy.RETURN
    assert order.returns[0].state is ReturnState.OPEN


def test_the_return_of_a_part_leaves_the_order_as_it_is(shop, settle, emma):
    _, ordinary = shop.order(emma, PAIR).lines
    done = settle(emma, PAIR, ReturnRequest(((ordinary.id, 1),), Reason.OTHER))
    order = shop.order(emma, PAIR)
    assert order.status is OrderStatus.DELIVERED
    assert order.refund.amount_cents == done.refund_cents < order.total_cents
    assert [line.returned_quantity for line in order.lines] == [0, 1]


def test_an_exchange_takes_the_other_size_from_the_shelf(shop, settle, lin, stock):
    (line,) = shop.order(lin, COAT).lines
    before = stock("CL1001-L-CAMEL")
    done = settle(
        lin, COAT, ExchangeRequest(((line.id, 1),), Reason.SIZE, variant="CL1001-L-CAMEL")
    )
    order = shop.order(lin, COAT)
    assert stock("CL1001-L-CAMEL") == before - 1
    assert (order.returns[0].kind, order.returns[0].replacement) == (
        Remedy.EXCHANGE,
        "CL1001-L-CAMEL",
    )
    assert (order.refunds, done.refund_cents) == ((), 0)
    assert order.lines[0].left_quantity == 1
    assert shop.is_fulfilled(done.number) is False


def test_a_size_that_is_sold_out_cannot_be_had(shop, settle, lin, stock):
    (line,) = shop.order(lin, COAT).lines
    with pytest.raises(RequestRefused) as caught:
        settle(lin, COAT, ExchangeRequest(((line.id, 1),), Reason.SIZE, variant="CL1001-M-CAMEL"))
    assert caught.value.verdict.rule == "variant_sold_out"
    assert stock("CL1001-M-CAMEL") == 0
    assert shop.order(lin, COAT).returns == ()


def test_two_shoppers_cannot_both_have_the_last_piece(shop, rows, settle, lin, stock):
    rows("update product_variants set stock = 1 where id = 'CL1001-L-CAMEL'")
    (line,) = shop.order(lin, COAT).lines
    _second_coat(rows, line)
    outcomes, start = [], threading.Barrier(2)

    def swap(number, line_id):
        request = ExchangeRequest(((line_id, 1),), Reason.SIZE, variant="CL1001-L-CAMEL")
        start.wait()
        try:
            outcomes.append(settle(lin, number, request, key=number).remedy)
        except RequestRefused as refusal:
            outcomes.append(refusal.verdict.rule)

    threads = [
        threading.Thread(target=swap, args=call)
        for call in ((COAT, line.id), ("XE29990001", 99001))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == sorted([str(Remedy.EXCHANGE), "variant_sold_out"])
    assert stock("CL1001-L-CAMEL") == 0


def _second_coat(rows, line):
    """Another order of the same coat."""
    rows(
        "insert into orders (number, customer_id, status, placed_at, delivered_at, total_cents)"
        " select 'XE29990001', customer_id, status, placed_at, delivered_at, total_cents"
        " from orders where number = 'XE20260002'"
    )
    rows(
        "insert into order_lines (id, order_number, sku, title, category, quantity,"
        " unit_price_cents, traits, returned_quantity, variant) select 99001, 'XE29990001', sku,"
        " title, category, 1, unit_price_cents, traits, 0, variant"
        f" from order_lines where id = {line.id}"
    )


def test_a_repair_is_promised_in_working_days(shop, settle, lin, policy):
    (line,) = shop.order(lin, OLD).lines
    done = settle(lin, OLD, RepairRequest(((line.id, 1),), Reason.QUALITY))
    (case,) = shop.order(lin, OLD).returns
    assert (case.kind, case.refund_cents) == (Remedy.REPAIR, 0)
    least = timedelta(days=policy.warranty.repair_working_days)
    assert done.due_at >= done.settled_at + least


def test_money_without_goods_is_approved_at_once(shop, settle, emma):
    _, ordinary = shop.order(emma, PAIR).lines
    done = settle(emma, PAIR, RefundOnlyRequest(((ordinary.id, 1),), Reason.MISSING))
    order = shop.order(emma, PAIR)
    assert done.number == order.refund.number
    assert done.number.startswith("RF")
    assert (order.refund.state, order.refund.cause) == (RefundState.APPROVED, Remedy.REFUND_ONLY)
    assert order.lines[1].left_quantity == 0
    assert shop.is_fulfilled(done.number) is False


def test_goods_are_sent_once_more_from_the_shelf(shop, settle, emma):
    _, ordinary = shop.order(emma, PAIR).lines
    before = shop.product(ordinary.sku).stock
    done = settle(emma, PAIR, ResendRequest(((ordinary.id, 1),), Reason.MISSING))
    order = shop.order(emma, PAIR)
    assert order.returns[0].kind is Remedy.RESEND
    assert shop.product(ordinary.sku).stock == before - 1
    assert done.number == order.returns[0].rma_number


def test_a_paid_order_is_called_off_with_all_that_was_used(shop, rows, settle, chen):
    rows(f"update orders set points_used = 300, coupon_cents = 1500 where number = '{PAID}'")
    rows(f"update coupons set used = true, order_number = '{PAID}' where code = 'CPB1002'")
    before, points = shop.order(chen, PAID), shop.customer("C1002").points
    shelves = {line.sku: shop.product(line.sku).stock for line in before.lines}
    assert [coupon.code for coupon in shop.coupons(chen)] == []
    done = settle(chen, PAID, CancelRequest())
    after = shop.order(chen, PAID)
    assert after.status is OrderStatus.REFUNDING
    assert after.refund.amount_cents == done.refund_cents == before.total_cents
    assert (after.refund.cause, after.refund.state) == (Remedy.CANCEL, RefundState.APPROVED)
    assert shop.customer("C1002").points == points + 300
    assert shop.points(chen)[0].points == 300
    assert [coupon.code for coupon in shop.coupons(chen)] == ["CPB1002"]
    for line in before.lines:
        assert shop.product(line.sku).stock == shelves[line.sku] + line.quantity


def test_an_unpaid_order_is_closed_without_money(shop, rows, settle, chen):
    rows(f"update orders set status = 'unpaid' where number = '{PAID}'")
    rows(f"delete from payments where order_number = '{PAID}'")
    done = settle(chen, PAID, CancelRequest())
    order = shop.order(chen, PAID)
    assert (order.status, order.refunds) == (OrderStatus.CANCELLED, ())
    assert (done.number, done.due_at, done.refund_cents) == (PAID, None, 0)


def test_a_coupon_that_is_not_known_comes_back_as_a_new_one(shop, rows, settle, chen):
    rows(f"update orders set coupon_cents = 700 where number = '{PAID}'")
    done = settle(chen, PAID, CancelRequest())
    assert done.coupon_cents == 700
    assert 700 in [coupon.amount_cents for coupon in shop.coupons(chen)]


def test_an_address_changes_only_after_the_order_has_been_proven(shop, settle, chen, clock):
    request, old = RedirectRequest(NEW_HOME), shop.order(chen, PAID).address
    with pytest.raises(StepUpRequired):
        settle(chen, PAID, request)
    assert shop.order(chen, PAID).address == old
    shop.prove_order(chen, PAID, "1002")
    clock.forward(minutes=9)
    done = settle(chen, PAID, request)
    assert shop.order(chen, PAID).address == NEW_HOME
    clock.forward(minutes=9)
    assert settle(chen, PAID, request) == done
    with pytest.raises(StepUpRequired):
        settle(chen, PAID, RedirectRequest(old), key="key-2")


def test_a_new_phone_number_on_the_order_is_what_proves_it(shop, settle, chen):
    shop.prove_order(chen, PAID, "1002")
    settle(chen, PAID, RedirectRequest(NEW_HOME))
    guest = Identity(visitor_id="v-9")
    assert shop.prove_order(guest, PAID, "2222").number == PAID


def test_the_carrier_is_asked_and_the_shopper_told_until_when(shop, settle, lin, clock, policy):
    parcel = shop.order(lin, COAT).shipments[0].tracking_number
    done = settle(lin, COAT, InquiryRequest(parcel, Problem.NOT_RECEIVED, "门口没有"))
    (inquiry,) = shop.order(lin, COAT).inquiries
    assert (inquiry.number, inquiry.tracking_number, inquiry.open) == (done.number, parcel, True)
    hours = timedelta(hours=policy.delivery.not_received_within_hours)
    assert inquiry.answer_by == done.due_at == clock() + hours
    with pytest.raises(RequestRefused):
        settle(lin, COAT, InquiryRequest(parcel, Problem.NOT_RECEIVED), key="key-2")


def test_a_late_delivery_is_made_up_for_once(shop, rows, settle, lin, clock):
    rows(f"update shipments set promised_on = '2026-11-10' where order_number = '{TRAVELLING}'")
    done = settle(lin, TRAVELLING, CompensationRequest())
    assert shop.order(lin, TRAVELLING).compensated
    (coupon,) = [each for each in shop.coupons(lin) if each.code == done.number]
    assert coupon.amount_cents == done.coupon_cents > 0
    assert coupon.valid_until > date(2026, 11, 20)
    with pytest.raises(RequestRefused):
        settle(lin, TRAVELLING, CompensationRequest(), key="key-2")


def test_a_lower_price_is_paid_back_once(shop, settle, lin):
    done = settle(lin, TRAVELLING, PriceProtectionRequest())
    order = shop.order(lin, TRAVELLING)
    assert (order.refund.cause, order.refund.amount_cents) == (
        Remedy.PRICE_PROTECTION,
        done.refund_cents,
    )
    assert done.refund_cents > 0
    with pytest.raises(RequestRefused):
        settle(lin, TRAVELLING, PriceProtectionRequest(), key="key-2")


def test_an_invoice_is_asked_for_and_corrected(shop, settle, lin, clock, policy):
    first = settle(lin, COAT, InvoiceRequest(InvoiceKind.PERSONAL, "林晓雯"))
    clock.forward(minutes=3)
    again = settle(lin, COAT, InvoiceRequest(InvoiceKind.PERSONAL, "林小雯"), key="key-2")
    old, new = shop.order(lin, COAT).invoices
    assert (old.number, old.state) == (first.number, InvoiceState.REPLACED)
    assert (new.number, new.replaces, new.title) == (again.number, first.number, "林小雯")
    assert new.amount_cents == shop.order(lin, COAT).total_cents
    assert again.due_at == clock() + timedelta(hours=policy.invoices.within_hours)
    assert shop.is_fulfilled(first.number) is True
    assert shop.is_fulfilled(again.number) is False


def test_what_was_paid_twice_goes_back(shop, rows, settle, lin):
    rows(
        "insert into payments (id, order_number, method, amount_cents, state, at, problem)"
        " select 'PAY-AGAIN', order_number, method, amount_cents, state, at, problem"
        f" from payments where order_number = '{COAT}' and state = 'paid'"
    )
    total = shop.order(lin, COAT).total_cents
    done = settle(lin, COAT, DuplicatePaymentRequest())
    order = shop.order(lin, COAT)
    assert done.refund_cents == order.refund.amount_cents == total
    states = [each.state for each in order.payments if each.state is not PaymentState.FAILED]
    assert sorted(state.value for state in states) == ["paid", "refunded"]
    with pytest.raises(RequestRefused):
        settle(lin, COAT, DuplicatePaymentRequest(), key="key-2")


def test_what_was_promised_under_a_number_can_be_looked_up(shop, rows, settle, lin):
    (line,) = shop.order(lin, COAT).lines
    done = settle(lin, COAT, ReturnRequest(((line.id, 1),), Reason.SIZE))
    refund = shop.order(lin, COAT).refund.number
    assert [shop.is_fulfilled(each) for each in (done.number, refund, "RF0")] == [
        False,
        False,
        None,
    ]
    rows(f"update refunds set state = 'paid' where number = '{refund}'")
    rows(f"update returns set state = 'closed' where rma_number = '{done.number}'")
    assert [shop.is_fulfilled(each) for each in (done.number, refund)] == [True, True]
