"""Invoices: for what was really paid, to whom it may be made out, and how often it is corrected.

Step 6 of a message's way (act).
"""

import re
from datetime import timedelta

from shop.models import InvoiceKind, InvoiceRequest, InvoiceState, OrderStatus, Remedy
from shop.rights.policy import Law
from shop.rights.shares import refunded_cents
from shop.rights.situation import Situation
from shop.rights.tax_number import is_tax_number, normalise_tax_number
from shop.rights.verdict import Outcome, Verdict

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_NOTHING_PAID = {
    OrderStatus.UNPAID: "not_paid",
    OrderStatus.CANCELLED: "order_cancelled",
    OrderStatus.REFUNDING: "already_refunded",
    OrderStatus.REFUNDED: "already_refunded",
}


def assess_invoice(situation: Situation, request: InvoiceRequest) -> Verdict:
    """Say whether an invoice may be made out, or made out anew."""
    order, rules = situation.order, situation.policy.invoices
    end = situation.day(order.placed_at) + timedelta(days=rules.request_within_days)
    amount = max(0, order.total_cents - refunded_cents(order))
    facts = {
        "amount_cents": amount,
        "last_day": end,
        "days": rules.request_within_days,
        "hours": rules.within_hours,
        "times": rules.reissue_times,
    }
    rule = _NOTHING_PAID.get(order.status, "") or ("" if amount else "already_refunded")
    if not rule and situation.today > end:
        rule = "invoice_over"
    rule = rule or _mistake(situation, request)
    if rule:
        return situation.denied(Remedy.INVOICE, rule, **facts)
    outcome, rule = _weigh_again(situation, request, amount)
    return situation.verdict(Remedy.INVOICE, outcome, rule, facts=facts)


def _mistake(situation: Situation, request: InvoiceRequest) -> str:
    """Name what is wrong with what the invoice shall say."""
    if not request.title.strip():
        return "invoice_without_title"
    if request.kind is InvoiceKind.COMPANY:
        if not request.tax_number.strip():
            return "tax_number_missing"
        checked = situation.policy.invoices.tax_number is Law.CHINA
        if checked and not is_tax_number(request.tax_number):
            return "tax_number_wrong"
    if request.email.strip() and not _EMAIL.fullmatch(request.email.strip()):
        return "email_wrong"
    return ""


def _weigh_again(situation: Situation, request: InvoiceRequest, amount: int) -> tuple[Outcome, str]:
    invoices = situation.order.invoices
    valid = [each for each in invoices if each.state is not InvoiceState.REPLACED]
    if not valid:
        return Outcome.ALLOWED, "invoice_first"
    last = valid[-1]
    wanted = (request.kind, request.title.strip(), normalise_tax_number(request.tax_number))
    issued = (last.kind, last.title.strip(), normalise_tax_number(last.tax_number))
    if wanted == issued and request.email.strip() == last.email and last.amount_cents == amount:
        return Outcome.DENIED, "invoice_exists"
    reissued = sum(each.replaces is not None for each in invoices)
    if reissued >= situation.policy.invoices.reissue_times:
        return Outcome.NEEDS_PERSON, "reissued_already"
    return Outcome.ALLOWED, "invoice_again"
