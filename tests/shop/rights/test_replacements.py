"""Decision table of exchanges, resends and repairs. Delivered on Monday, 2 November 2026."""

from datetime import date, timedelta

import pytest

from shop.models import ExchangeRequest, Reason, RepairRequest, ResendRequest
from shop.rights import Outcome, assess, load_policies
from shop.rights.table.specimens import DELIVERED_AT, line, order, product, under_way

POLICIES = load_policies()
STOCK = {"SKU1": product()}  # M and L 9 each, XL sold out


def judge(bought, request, days=1, products=STOCK):
    now = DELIVERED_AT + timedelta(days=days)
    return assess(bought, request, policies=POLICIES, now=now, products=products)


def swap(variant="SKU1-L", reason="size", pieces=((1, 1),), opened=None):
    return ExchangeRequest(pieces, Reason(reason), opened=opened, variant=variant)


@pytest.mark.parametrize(
    ("variant", "reason", "days", "outcome", "rule"),
    [
        ("SKU1-L", "size", 15, "allowed", "exchange_window"),
        ("SKU1-L", "size", 16, "denied", "exchange_over"),
        ("SKU1-L", "changed_mind", 1, "allowed", "exchange_window"),
        ("SKU1-M", "size", 1, "denied", "same_variant"),
        ("", "size", 1, "denied", "same_variant"),
        ("SKU1-XL", "size", 1, "denied", "variant_sold_out"),
        ("SKU1-XS", "size", 1, "denied", "variant_unknown"),
        ("SKU2-L", "size", 1, "denied", "variant_unknown"),
        ("SKU1-M", "quality", 15, "allowed", "exchange_claim"),
        ("", "quality", 1, "allowed", "exchange_claim"),
        ("SKU1-L", "wrong_item", 1, "allowed", "exchange_claim"),
        ("SKU1-M", "damaged", 16, "denied", "exchange_over"),
        ("SKU1-M", "missing", 1, "denied", "missing_not_returned"),
    ],
)
def test_an_exchange_follows_days_reason_and_stock(variant, reason, days, outcome, rule):
    verdict = judge(order(), swap(variant, reason), days)
    assert (verdict.outcome, verdict.rule) == (outcome, rule)
    assert (verdict.refund_cents, verdict.points) == (0, 0)
    assert verdict.facts["last_day"] == date(2026, 11, 17)


@pytest.mark.parametrize(
    ("reason", "payer"), [("size", "shopper"), ("quality", "shop"), ("wrong_item", "shop")]
)
def test_who_pays_the_parcel_of_an_exchange_follows_the_reason(reason, payer):
    variant = "SKU1-L" if reason == "size" else "SKU1-M"
    assert judge(order(), swap(variant, reason)).freight_paid_by == payer


@pytest.mark.parametrize("pieces", [8, 9, 10])
def test_there_has_to_be_enough_of_what_is_wanted(pieces):
    verdict = judge(order(line(quantity=10)), swap(pieces=((1, pieces),)))
    assert verdict.rule == ("exchange_window" if pieces <= 9 else "variant_sold_out")


@pytest.mark.parametrize("trait", ["custom_made", "perishable", "digital", "newspaper"])
def test_what_cannot_come_back_without_a_reason_is_not_exchanged_without_one(trait):
    bought = order(line(traits=(trait,)))
    assert judge(bought, swap()).rule == trait
    assert judge(bought, swap("SKU1-M", "wrong_item")).outcome is not Outcome.DENIED


def test_an_opened_seal_counts_for_an_exchange_too():
    sealed = order(line(traits=("opened_excluded",)))
    assert judge(sealed, swap(opened=True)).rule == "opened"
    assert judge(sealed, swap(opened=False)).allowed


def test_an_unknown_stock_is_a_persons_to_look_up():
    for request in (swap(), ResendRequest(((1, 1),), Reason.MISSING)):
        verdict = judge(order(), request, products={})
        assert (verdict.outcome, verdict.rule) == (Outcome.NEEDS_PERSON, "stock_unknown")


def test_an_exchange_is_of_one_line():
    with pytest.raises(ValueError, match="one line"):
        judge(order(line(), line(2)), swap(pieces=((1, 1), (2, 1))))


def test_a_product_of_one_kind_needs_no_variant():
    one_kind = {"SKU1": product(variants=(product().variants[0],))}
    bought = order(line(variant=""))
    assert judge(bought, swap("", "quality"), products=one_kind).allowed
    assert judge(bought, ResendRequest(((1, 1),), Reason.MISSING), products=one_kind).allowed


@pytest.mark.parametrize(
    ("cents", "reason", "days", "outcome", "rule"),
    [
        (15000, "missing", 30, "allowed", "resend_claim"),
        (15000, "missing", 31, "denied", "window_over"),
        (50000, "missing", 1, "allowed", "resend_claim"),
        (50001, "missing", 1, "needs_person", "resend_above"),
        (15000, "damaged", 1, "needs_evidence", "picture_needed"),
        (1500, "wrong_item", 1, "allowed", "resend_claim"),
        (15000, "size", 1, "denied", "needs_a_claim"),
    ],
)
def test_a_resend_follows_reason_and_amount(cents, reason, days, outcome, rule):
    bought = order(line(unit_price_cents=cents), line(2))
    verdict = judge(bought, ResendRequest(((1, 1),), Reason(reason)), days)
    assert (verdict.outcome, verdict.rule) == (outcome, rule)
    assert verdict.refund_cents == 0 and verdict.freight_paid_by is None


def test_what_was_in_a_lost_parcel_is_sent_once_more():
    request = ResendRequest(((1, 1),), Reason.MISSING)
    assert judge(under_way(scanned=-10, promised=0), request, 0).allowed
    assert judge(under_way(scanned=-9, promised=0), request, 0).rule == "not_delivered"


def test_a_damaged_gift_can_be_sent_once_more():
    gift = line(2, gift_with=1, unit_price_cents=3000)
    assert judge(order(line(), gift), ResendRequest(((2, 1),), Reason.DAMAGED)).allowed


@pytest.mark.parametrize(
    ("category", "reason", "day", "outcome", "rule"),
    [
        ("electronics", "quality", "2027-11-02", "allowed", "under_warranty"),
        ("electronics", "quality", "2027-11-03", "denied", "warranty_over"),
        ("appliances", "damaged", "2028-11-02", "allowed", "under_warranty"),
        ("appliances", "damaged", "2028-11-03", "denied", "warranty_over"),
        ("clothing", "quality", "2026-11-03", "denied", "no_warranty"),
        ("electronics", "size", "2026-11-03", "denied", "not_a_defect"),
        ("electronics", "wrong_item", "2026-11-03", "denied", "not_a_defect"),
        ("electronics", "missing", "2026-11-03", "denied", "not_a_defect"),
    ],
)
def test_a_repair_follows_the_warranty_of_its_category(category, reason, day, outcome, rule):
    days = (date.fromisoformat(day) - date(2026, 11, 2)).days
    verdict = judge(order(line(category=category)), RepairRequest(((1, 1),), Reason(reason)), days)
    assert (verdict.outcome, verdict.rule) == (outcome, rule)
    assert verdict.refund_cents == 0
