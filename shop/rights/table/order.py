"""The decision table's cases about orders: parcels, prices, payments, invoices.

Beside the way of a message.
"""

from dataclasses import replace
from datetime import date

from shop.models import (
    Address,
    CancelRequest,
    CompensationRequest,
    DuplicatePaymentRequest,
    Inquiry,
    InquiryRequest,
    Invoice,
    InvoiceKind,
    InvoiceRequest,
    InvoiceState,
    Order,
    OrderStatus,
    Payment,
    PaymentState,
    PricePoint,
    PriceProtectionRequest,
    Problem,
    Product,
    RedirectRequest,
    Refund,
    RefundState,
    Remedy,
    ShipmentStatus,
)
from shop.rights.table.specimens import (
    DELIVERED_AT,
    PLACED_AT,
    Case,
    arrived,
    order,
    product,
    under_way,
)

_ADDRESS = Address("林晓雯", "13800001001", "浙江", "杭州", "文三路1号")
_PAID = {"status": OrderStatus.PAID, "delivered_at": None}
_UNPAID = {"status": OrderStatus.UNPAID, "delivered_at": None}
_REDIRECT = RedirectRequest(_ADDRESS)
_PROTECT = PriceProtectionRequest()
_COMPANY_NUMBER = "91330106MA2CFXAE1E"


def order_cases() -> list[Case]:
    """The order as a whole."""
    coupon = {"coupon_cents": 1500, "points_used": 300}
    shipped = under_way(scanned=0, promised=3)
    there = order(address=_ADDRESS, **_PAID)
    incomplete = RedirectRequest(replace(_ADDRESS, detail=" "))
    duplicate = DuplicatePaymentRequest()
    twice = _paid(15800, 15800)
    refunded = (_refund(Remedy.DUPLICATE_PAYMENT, 15800),)
    return [
        Case("cancel: unpaid", order(**_UNPAID), CancelRequest()),
        Case("cancel: paid, with coupon and points", order(**_PAID, **coupon), CancelRequest()),
        Case("cancel: dispatched", shipped, CancelRequest()),
        Case("cancel: delivered", order(), CancelRequest()),
        Case("redirect: paid", order(**_PAID), _REDIRECT),
        Case("redirect: dispatched", shipped, _REDIRECT),
        Case("redirect: no street", order(**_PAID), incomplete),
        Case("redirect: the same address", there, _REDIRECT),
        Case("paid twice", order(payments=twice), duplicate),
        Case("paid in two parts", order(payments=_paid(10000, 5800)), duplicate),
        Case("paid twice, settled", order(payments=twice, refunds=refunded), duplicate),
    ]


def parcel_cases() -> list[Case]:
    """Parcels, and what a delay is worth."""
    late, stuck, lost = Problem.LATE, Problem.STUCK, Problem.LOST
    slow = under_way(scanned=0, promised=-1)
    quiet = under_way(scanned=-2, promised=3)
    came = arrived(promised=0)
    asked = (Inquiry("Q1", "SF100", late, DELIVERED_AT, DELIVERED_AT),)
    searched = under_way(scanned=0, promised=-1, inquiries=asked)
    gone = under_way(scanned=-10, promised=0)
    problem = under_way(scanned=0, promised=3, status=ShipmentStatus.EXCEPTION)
    coupon = CompensationRequest()
    return [
        Case("inquiry: late, 2 days past the promise", slow, _inquire(late)),
        Case("inquiry: late, before the promise", _moving(), _inquire(late)),
        Case("inquiry: stuck, 3 days without a scan", quiet, _inquire(stuck)),
        Case("inquiry: stuck, scanned yesterday", _moving(), _inquire(stuck)),
        Case("inquiry: lost, 11 days without a scan", gone, _inquire(lost)),
        Case("inquiry: stuck, the carrier reports a problem", problem, _inquire(stuck)),
        Case("inquiry: signed but not received", came, _inquire(Problem.NOT_RECEIVED)),
        Case("inquiry: the same, day 31", came, _inquire(Problem.NOT_RECEIVED), 31),
        Case("inquiry: not received, on its way", _moving(), _inquire(Problem.NOT_RECEIVED)),
        Case("inquiry: late, but delivered", came, _inquire(late)),
        Case("inquiry: open already", searched, _inquire(late)),
        Case("inquiry: goods damaged", came, _inquire(Problem.DAMAGED)),
        Case("inquiry: foreign parcel", came, _inquire(late, "YT9")),
        Case("inquiry: not dispatched", order(**_PAID), _inquire(late)),
        Case("compensation: 2 days late", arrived(promised=-2), coupon),
        Case("compensation: in time", came, coupon),
        Case("compensation: on its way, not due", _moving(), coupon),
        Case("compensation: once more", arrived(promised=-2, compensated=True), coupon),
    ]


def price_cases() -> list[Case]:
    """Price protection."""
    protected = order(refunds=(_refund(Remedy.PRICE_PROTECTION, 3000),))
    discounted = order(total_cents=12800, coupon_cents=3000)
    return [
        Case("30 yuan cheaper", order(), _PROTECT, 2, _cheaper(12000)),
        Case("30 yuan cheaper, day 15 of the order", order(), _PROTECT, 11, _cheaper(12000)),
        Case("30 yuan cheaper, day 16 of the order", order(), _PROTECT, 12, _cheaper(12000)),
        Case("30 yuan cheaper, coupon of 30 used", discounted, _PROTECT, 2, _cheaper(12000)),
        Case("cheaper in a flash sale", order(), _PROTECT, 2, _cheaper(12000, "flash_sale")),
        Case("paid back before", protected, _PROTECT, 2, _cheaper(10000)),
        Case("price unknown", order(), _PROTECT, 2),
        Case("unpaid", order(**_UNPAID), _PROTECT, 2, _cheaper(12000)),
    ]


def invoice_cases() -> list[Case]:
    """Invoices."""
    issued = order(invoices=(_invoice("林晓雯"),))
    again = order(invoices=(_invoice("林晓雯", "INV0"),))
    wrong = _COMPANY_NUMBER[:-1] + "A"
    return [
        Case("personal", order(), _for_person()),
        Case("company, right tax number", order(), _for_company(_COMPANY_NUMBER)),
        Case("company, wrong check digit", order(), _for_company(wrong)),
        Case("company, no tax number", order(), _for_company("")),
        Case("no name", order(), _for_person(" ")),
        Case("wrong e-mail", order(), _for_person(email="lin@")),
        Case("the same again", issued, _for_person()),
        Case("corrected", issued, _for_person("林小雯")),
        Case("corrected twice", again, _for_person("林小雯")),
        Case("a year and a day later", order(), _for_person(), 366),
        Case("part of it refunded", order(refunds=(_part(),)), _for_person()),
    ]


def _part() -> Refund:
    return _refund(Remedy.RETURN, 5000)


def _cheaper(cents: int, campaign: str = "") -> dict[str, Product]:
    prices = (PricePoint(date(2026, 1, 1), 15000), PricePoint(date(2026, 11, 3), cents, campaign))
    return {"SKU1": product(prices=prices)}


def _paid(*amounts: int) -> tuple[Payment, ...]:
    return tuple(
        Payment(f"P{number}", "Alipay", amount, PaymentState.PAID, PLACED_AT)
        for number, amount in enumerate(amounts)
    )


def _refund(cause: Remedy, cents: int) -> Refund:
    return Refund("RF1", cents, RefundState.PAID, DELIVERED_AT, date(2026, 11, 10), 0, cause)


def _invoice(title: str, replaces: str | None = None) -> Invoice:
    return Invoice(
        "INV1",
        InvoiceKind.PERSONAL,
        title,
        "",
        "",
        15800,
        InvoiceState.ISSUED,
        DELIVERED_AT,
        DELIVERED_AT,
        replaces,
    )


def _for_company(number: str) -> InvoiceRequest:
    return InvoiceRequest(InvoiceKind.COMPANY, "小二科技有限公司", number)


def _for_person(title: str = "林晓雯", email: str = "") -> InvoiceRequest:
    return InvoiceRequest(InvoiceKind.PERSONAL, title, email=email)


def _inquire(problem: Problem, number: str = "SF100") -> InquiryRequest:
    return InquiryRequest(number, problem)


def _moving() -> Order:
    return under_way(scanned=0, promised=3)


def international_cases() -> list[Case]:
    """Delays under the international set."""
    coupon = CompensationRequest()
    return [
        Case("compensation: 2 days late", arrived(promised=-2), coupon),
        Case("compensation: 3 days late", arrived(promised=-3), coupon),
    ]
