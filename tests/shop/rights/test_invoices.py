"""Invoices: what for, to whom, how long, how often. Placed on 29 October 2026."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from shop.models import (
    Invoice,
    InvoiceKind,
    InvoiceRequest,
    InvoiceState,
    OrderStatus,
    Refund,
    RefundState,
    Remedy,
)
from shop.rights import Outcome, assess, load_policies
from shop.rights.table.specimens import DELIVERED_AT, order

POLICIES = load_policies()
NUMBER = "91330106MA2CFXAE1E"
PERSONAL = InvoiceRequest(InvoiceKind.PERSONAL, "林晓雯")
COMPANY = InvoiceRequest(InvoiceKind.COMPANY, "小二科技有限公司", NUMBER, "cw@example.com")


def judge(bought, request, now=DELIVERED_AT, policies=POLICIES):
    return assess(bought, request, policies=policies, now=now)


def refund(cause, cents):
    return Refund("RF1", cents, RefundState.PAID, DELIVERED_AT, date(2026, 11, 9), 0, cause)


def issued(request, *, cents=15800, state="issued", replaces=None):
    return Invoice(
        "INV1",
        request.kind,
        request.title,
        request.tax_number,
        request.email,
        cents,
        InvoiceState(state),
        DELIVERED_AT,
        DELIVERED_AT,
        replaces,
    )


@pytest.mark.parametrize(
    ("request_", "rule"),
    [
        (PERSONAL, "invoice_first"),
        (COMPANY, "invoice_first"),
        (replace(COMPANY, tax_number="９１３３０１０６ ｍａ２ｃｆｘａｅ１ｅ"), "invoice_first"),
        (replace(COMPANY, tax_number=NUMBER[:-1] + "A"), "tax_number_wrong"),
        (replace(COMPANY, tax_number="123"), "tax_number_wrong"),
        (replace(COMPANY, tax_number=" "), "tax_number_missing"),
        (replace(COMPANY, title=""), "invoice_without_title"),
        (replace(PERSONAL, title="  "), "invoice_without_title"),
        (replace(PERSONAL, email="lin@example"), "email_wrong"),
        (replace(PERSONAL, email="a b@example.com"), "email_wrong"),
    ],
)
def test_an_invoice_says_to_whom_and_a_companys_number_is_checked(request_, rule):
    verdict = judge(order(), request_)
    assert verdict.rule == rule
    assert verdict.allowed is (rule == "invoice_first")


def test_abroad_a_tax_number_has_another_form():
    abroad = load_policies("international")
    request = InvoiceRequest(InvoiceKind.COMPANY, "Clark Ltd", "GB123456789")
    assert judge(order(), request, policies=abroad).allowed


@pytest.mark.parametrize(
    ("now", "rule"),
    [
        ("2027-10-29T23:59+08:00", "invoice_first"),
        ("2027-10-30T00:00+08:00", "invoice_over"),
    ],
)
def test_an_invoice_is_asked_for_within_a_year(now, rule):
    assert judge(order(), PERSONAL, datetime.fromisoformat(now)).rule == rule


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        (OrderStatus.UNPAID, "not_paid"),
        (OrderStatus.CANCELLED, "order_cancelled"),
        (OrderStatus.REFUNDING, "already_refunded"),
        (OrderStatus.REFUNDED, "already_refunded"),
        (OrderStatus.PAID, "invoice_first"),
        (OrderStatus.SHIPPED, "invoice_first"),
    ],
)
def test_an_invoice_is_for_money_that_was_paid_and_stayed(status, rule):
    assert judge(order(status=status), PERSONAL).rule == rule


@pytest.mark.parametrize(
    ("back", "amount", "rule"),
    [
        ((Remedy.RETURN, 5000), 10800, "invoice_first"),
        ((Remedy.DUPLICATE_PAYMENT, 15800), 15800, "invoice_first"),
        ((Remedy.RETURN, 15800), 0, "already_refunded"),
    ],
)
def test_the_amount_is_what_was_paid_less_what_went_back(back, amount, rule):
    verdict = judge(order(refunds=(refund(*back),)), PERSONAL)
    assert (verdict.facts["amount_cents"], verdict.rule) == (amount, rule)


@pytest.mark.parametrize(
    ("invoices", "request_", "outcome", "rule"),
    [
        ((issued(PERSONAL),), PERSONAL, "denied", "invoice_exists"),
        ((issued(PERSONAL, state="requested"),), PERSONAL, "denied", "invoice_exists"),
        ((issued(PERSONAL),), COMPANY, "allowed", "invoice_again"),
        ((issued(PERSONAL, cents=20000),), PERSONAL, "allowed", "invoice_again"),
        (
            (issued(PERSONAL, state="replaced"), issued(COMPANY, replaces="INV1")),
            PERSONAL,
            "needs_person",
            "reissued_already",
        ),
        (
            (issued(PERSONAL, state="replaced"), issued(COMPANY, replaces="INV1")),
            COMPANY,
            "denied",
            "invoice_exists",
        ),
    ],
)
def test_an_invoice_is_corrected_once(invoices, request_, outcome, rule):
    verdict = judge(order(invoices=invoices), request_)
    assert (verdict.outcome, verdict.rule) == (Outcome(outcome), rule)
