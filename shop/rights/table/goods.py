"""The decision table's cases about goods: sent back, kept, exchanged, repaired.

Beside the way of a message.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shop.models import (
    ExchangeRequest,
    Order,
    OrderStatus,
    Payer,
    Reason,
    RefundOnlyRequest,
    Remedy,
    RepairRequest,
    ResendRequest,
    ReturnAuthorisation,
    ReturnRequest,
)
from shop.rights.table.specimens import DELIVERED_AT, Case, line, order, product, under_way

_ONE = ((1, 1),)
_STOCK = {"SKU1": product()}
_GIFT = line(2, gift_with=1, unit_price_cents=3000)
_ELECTRONICS = line(category="electronics")


def return_cases() -> list[Case]:
    """Sending goods back."""
    traits = ("custom_made", "perishable", "digital", "newspaper")
    insured = line(traits=("freight_insured",))
    return [
        Case("no reason, day 7", order(), _returned(), 7),
        Case("no reason, day 8", order(), _returned(), 8),
        Case("no reason, day 7 is a Saturday, asked on Monday", _saturday(), _returned(), 7),
        *(
            Case(f"no reason, {trait.replace('_', ' ')}", order(line(traits=(trait,))), _returned())
            for trait in traits
        ),
        Case("no reason, seal agreed, unopened", _sealed(), _returned()),
        Case("no reason, seal agreed, opened", _sealed(), _returned(opened=True)),
        Case("faulty, seal agreed, opened", _sealed(), _returned(Reason.QUALITY, opened=True)),
        Case("no reason, freight insurance", order(insured), _returned()),
        Case("faulty, day 30", order(), _returned(Reason.QUALITY), 30),
        Case("faulty, day 31", order(), _returned(Reason.QUALITY), 31),
        Case("faulty, made to order", _with("custom_made"), _returned(Reason.QUALITY), 20),
        Case("wrong item, one of two lines", order(line(), line(2)), _returned(Reason.WRONG_ITEM)),
        Case("faulty, 2,500 yuan", _worth(250000), _returned(Reason.QUALITY)),
        Case("bad on arrival, fresh, day 2", _with("perishable"), _returned(Reason.QUALITY), 2),
        Case("bad on arrival, fresh, day 3", _with("perishable"), _returned(Reason.QUALITY), 3),
        Case("missing", order(), _returned(Reason.MISSING)),
        Case("no reason, 6,000 yuan", _worth(600000), _returned()),
        Case("no reason, comes with a gift", order(line(), _GIFT), _returned()),
        Case("no reason, the gift alone", order(line(), _GIFT), _returned(pieces=((2, 1),))),
        Case("three pieces of one", order(), _returned(pieces=((1, 3),))),
        Case("returned before", order(line(returned_quantity=1)), _returned()),
        Case("exchange still open", _busy(), _returned()),
        Case("on its way", under_way(scanned=0, promised=3), _returned()),
        Case("order cancelled", order(status=OrderStatus.CANCELLED), _returned()),
        Case("order refunded", order(status=OrderStatus.REFUNDED), _returned()),
    ]


def _saturday() -> Order:
    # Delivered two days earlier: the seventh day is Saturday, 7 November.
    return order(delivered_at=DELIVERED_AT - timedelta(days=2))


def _sealed() -> Order:
    return order(line(category="beauty", traits=("opened_excluded",)))


def _with(trait: str) -> Order:
    return order(line(traits=(trait,)))


def _worth(cents: int) -> Order:
    return order(line(unit_price_cents=cents))


def _busy() -> Order:
    return order(line(returned_quantity=1), returns=(_case(Remedy.EXCHANGE),))


def without_parcel_cases() -> list[Case]:
    """Money back, or the goods once more, without anything coming back."""
    lost = under_way(scanned=-10, promised=-4)
    missing, damaged = Reason.MISSING, Reason.DAMAGED
    return [
        Case("refund: missing, 80 yuan", _worth(8000), RefundOnlyRequest(_ONE, missing)),
        Case("refund: missing, 150 yuan", order(), RefundOnlyRequest(_ONE, missing)),
        Case("refund: damaged, 15 yuan", _worth(1500), RefundOnlyRequest(_ONE, damaged)),
        Case("refund: damaged, 80 yuan", _worth(8000), RefundOnlyRequest(_ONE, damaged)),
        Case("refund: damaged, 150 yuan", order(), RefundOnlyRequest(_ONE, damaged)),
        Case("refund: fresh, bad", _with("perishable"), RefundOnlyRequest(_ONE, damaged)),
        Case("refund: not wanted", order(), RefundOnlyRequest(_ONE, Reason.OTHER)),
        Case("refund: a gift, damaged", order(line(), _GIFT), _gift_refund()),
        Case("refund: parcel lost", lost, RefundOnlyRequest(_ONE, missing)),
        Case("refund: parcel on its way", _moving(), RefundOnlyRequest(_ONE, missing)),
        Case("resend: missing", order(), ResendRequest(_ONE, missing), products=_STOCK),
        Case("resend: damaged", order(), ResendRequest(_ONE, damaged), products=_STOCK),
        Case("resend: parcel lost", lost, ResendRequest(_ONE, missing), products=_STOCK),
        Case("resend: 600 yuan", _worth(60000), ResendRequest(_ONE, missing), products=_STOCK),
        Case("resend: stock unknown", order(), ResendRequest(_ONE, missing)),
    ]


def _gift_refund() -> RefundOnlyRequest:
    return RefundOnlyRequest(((2, 1),), Reason.DAMAGED)


def _moving() -> Order:
    return under_way(scanned=0, promised=3)


def instead_cases() -> list[Case]:
    """Another one, or the same one mended."""
    size, faulty = Reason.SIZE, Reason.QUALITY

    def swap(variant: str, reason: Reason = size) -> ExchangeRequest:
        return ExchangeRequest(_ONE, reason, variant=variant)

    repair = RepairRequest(_ONE, faulty)
    return [
        Case("exchange: size, day 15", order(), swap("SKU1-L"), 15, _STOCK),
        Case("exchange: size, day 16", order(), swap("SKU1-L"), 16, _STOCK),
        Case("exchange: size, sold out", order(), swap("SKU1-XL"), 1, _STOCK),
        Case("exchange: size, no such variant", order(), swap("SKU1-XS"), 1, _STOCK),
        Case("exchange: size, the same", order(), swap("SKU1-M"), 1, _STOCK),
        Case("exchange: faulty, the same", order(), swap("SKU1-M", faulty), 1, _STOCK),
        Case("exchange: made to order", _with("custom_made"), swap("SKU1-L"), 1, _STOCK),
        Case("repair: electronics, month 12", order(_ELECTRONICS), repair, 365),
        Case("repair: electronics, a day later", order(_ELECTRONICS), repair, 366),
        Case("repair: clothing", order(), repair),
        Case("repair: not wanted", order(_ELECTRONICS), RepairRequest(_ONE, Reason.OTHER)),
    ]


def international_cases() -> list[Case]:
    """Sending goods back under the international set."""
    sealed = order(line(category="beauty"))
    return [
        Case("no reason, day 30", order(), _returned(), 30),
        Case("no reason, day 31", order(), _returned(), 31),
        Case("no reason, final sale", _with("final_sale"), _returned()),
        Case("no reason, beauty, opened", sealed, _returned(opened=True)),
        Case("faulty, final sale", _with("final_sale"), _returned(Reason.QUALITY)),
        Case("exchange: size, day 30", order(), _swap(), 30, _STOCK),
    ]


def _swap() -> ExchangeRequest:
    return ExchangeRequest(_ONE, Reason.SIZE, variant="SKU1-L")


def _case(remedy: Remedy) -> ReturnAuthorisation:
    return ReturnAuthorisation(
        "RMA1", "XE20269999", remedy, _ONE, Reason.SIZE, "", DELIVERED_AT, 0, Payer.SHOPPER
    )


def _returned(reason: Reason = Reason.CHANGED_MIND, **changes: Any) -> ReturnRequest:
    return replace(ReturnRequest(_ONE, reason), **changes)
