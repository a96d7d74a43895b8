"""Values cross the wire whole, and nothing else gets through."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop import models
from shop.http.codec import decode, encode
from shop.http.scalars import MalformedValue
from shop.rights.verdict import LineVerdict, Outcome, Verdict

UTC = timezone.utc
TEXTS = st.text(
    st.one_of(st.sampled_from("小二退货ab 1é'\"\\/"), st.characters(exclude_categories=["Cs"])),
    max_size=8,
).filter(lambda text: "\0" not in text)
NUMBERS = st.integers(0, 2**53 - 2)
MOMENTS = st.datetimes(timezones=st.just(UTC))
BOTH = st.fixed_dictionaries({"zh": TEXTS, "en": TEXTS})
FACTS = st.one_of(TEXTS, NUMBERS, st.booleans(), st.none(), st.dates(), MOMENTS, BOTH)
PLAIN = {
    str: TEXTS,
    int: NUMBERS,
    bool: st.booleans(),
    date: st.dates(),
    datetime: MOMENTS,
    NoneType: st.none(),
}
ANSWERS = (
    models.Order,
    models.Product,
    models.Customer,
    models.Coupon,
    models.PointsEntry,
    models.Settlement,
    models.StockNotice,
    Verdict,
)
EVERY_KIND = (*ANSWERS, *get_args(models.Request))


def values(kind):
    """Values of a declared kind, each as a shop may really have it."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return st.one_of(*map(values, inner))
    if origin is tuple and inner[-1] is Ellipsis:
        return st.lists(values(inner[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, inner))
    if origin is dict:
        return BOTH
    if origin is Mapping:
        facts = st.one_of(FACTS, st.lists(FACTS, max_size=2).map(tuple))
        return st.dictionaries(TEXTS, facts, max_size=3)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        built = st.builds(kind, **{each.name: values(hints[each.name]) for each in fields(kind)})
        return built.map(sound)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    return PLAIN[kind]


def sound(value):
    """Bend what hypothesis made into what the rules of a shop allow."""
    if isinstance(value, models.OrderLine):
        return replace(value, returned_quantity=min(value.returned_quantity, value.quantity))
    if isinstance(value, models.Order):
        lines = {line.id: line for line in value.lines}
        return replace(value, lines=tuple(lines.values()))
    if isinstance(value, models.GoodsRequest):
        most = 1 if isinstance(value, models.ExchangeRequest) else None
        pieces = {line_id: quantity + 1 for line_id, quantity in value.pieces or ((1, 0),)}
        return replace(value, pieces=tuple(pieces.items())[:most])
    if isinstance(value, Verdict):
        return replace(value, rules=("rule", *value.rules))
    return value


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: kind.__name__)
def test_every_value_comes_back_as_it_went(kind):
    read_as = kind if kind in ANSWERS else models.Request

    @settings(max_examples=40)
    @given(values(kind))
    def comes_back(value):
        back = decode(read_as, json.loads(json.dumps(encode(value))))
        assert back == value
        assert type(back) is type(value)

    comes_back()


JSON = st.recursive(
    st.one_of(
        *(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
        st.sampled_from(["zh", "2026-02-30", "2026-11-20T10:00:00", "delivered", "\ud800", -1]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.sampled_from((*ANSWERS, models.Request)), JSON)
def test_nonsense_is_always_called_malformed(kind, data):
    with pytest.raises(MalformedValue):
        decode(kind, data)


def places(data, before=()):
    """Every place in a JSON value, as the steps that lead there."""
    yield before
    if isinstance(data, (dict, list)):
        for step in data if isinstance(data, dict) else range(len(data)):
            yield from places(data[step], (*before, step))


def put(data, place, other):
    """The same JSON with something else at a place."""
    if not place:
        return other
    step, *rest = place
    copy = data.copy()
    copy[step] = put(data[step], rest, other)
    return copy


@given(st.data(), st.sampled_from(EVERY_KIND), JSON)
def test_whatever_stands_in_one_place_is_read_or_called_malformed(data, kind, other):
    whole = encode(data.draw(values(kind)))
    place = data.draw(st.sampled_from(list(places(whole))))
    try:
        read = decode(kind, put(whole, place, other))
    except MalformedValue:
        return
    # What was taken for good is one: it crosses again, and reads the same in every way.
    assert decode(kind, encode(read)) == read


@pytest.fixture
def order(make_order, make_line):
    made = make_order(make_line(1, quantity=2), make_line(2))
    parcel = models.Shipment(
        tracking_number="SF1",
        carrier={"zh": "顺丰", "en": "SF"},
        status=models.ShipmentStatus.IN_TRANSIT,
        promised_on=date(2026, 11, 22),
    )
    return replace(made, shipments=(parcel,))


@pytest.mark.parametrize(
    ("place", "value", "where"),
    [
        (("status",), "teleported", "$.status"),
        (("status",), None, "$.status"),
        (("total_cents",), -1, "$.total_cents"),
        (("total_cents",), "100", "$.total_cents"),
        (("total_cents",), 100.0, "$.total_cents"),
        (("total_cents",), True, "$.total_cents"),
        (("total_cents",), 2**53, "$.total_cents"),
        (("placed_at",), "2026-11-20T10:00:00", "$.placed_at"),
        (("placed_at",), "2026-02-30T10:00:00Z", "$.placed_at"),
        (("placed_at",), "9999-12-31T23:59:59-12:00", "$.placed_at"),
        (("placed_at",), 1700000000, "$.placed_at"),
        (("lines",), {}, "$.lines"),
        (("lines", 1, "id"), 1, "$"),
        (("lines", 0, "quantity"), -2, "$.lines[0].quantity"),
        (("lines", 0, "returned_quantity"), 3, "$.lines[0]"),
        (("lines", 0, "title"), {"zh": "杯子"}, "$.lines[0].title.en"),
        (("lines", 0, "title"), "杯子", "$.lines[0].title"),
        (("lines", 0, "traits"), "opened", "$.lines[0].traits"),
        (("shipments", 0, "promised_on"), "2026-11-31", "$.shipments[0].promised_on"),
        (("shipments", 0, "promised_on"), "２０２６-11-22", "$.shipments[0].promised_on"),
        (("number",), "XE\ud800", "$.number"),
        (("compensated",), 0, "$.compensated"),
    ],
)
def test_an_order_with_one_wrong_value_is_refused_and_the_place_named(order, place, value, where):
    with pytest.raises(MalformedValue) as refused:
        decode(models.Order, put(encode(order), place, value))
    assert str(refused.value).startswith(f"{where}: ")


def test_a_field_that_has_to_be_there_is_missed(order):
    whole = encode(order)
    del whole["customer_id"]
    with pytest.raises(MalformedValue, match=r"\$\.customer_id: missing"):
        decode(models.Order, whole)


def test_a_field_with_a_default_may_be_left_out(order):
    whole = encode(order)
    del whole["freight_cents"], whole["invoices"]
    assert decode(models.Order, whole) == order


def test_a_shop_may_add_fields_and_languages_of_its_own(order):
    whole = encode(order)
    whole["warehouse"] = {"id": 7}
    whole["lines"][0]["title"]["fr"] = "Objet d'essai"
    assert decode(models.Order, whole) == order


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20T02:00:00Z",
        "2026-11-20T02:00:00.0Z",
        "2026-11-20T10:00:00+08:00",
        "2026-11-19T21:00:00.000000999-05:00",
    ],
)
def test_a_moment_may_be_written_with_any_time_zone(written):
    assert decode(datetime, written) == datetime(2026, 11, 20, 2, tzinfo=UTC)


def test_moments_are_written_in_utc():
    china = timezone(timedelta(hours=8))
    assert encode(datetime(2026, 11, 20, 10, tzinfo=china)) == "2026-11-20T02:00:00Z"


def test_a_request_says_what_it_asks_for():
    encoded = encode(models.CancelRequest(note="买错了"))
    assert encoded == {"remedy": "cancel", "note": "买错了"}
    for remedy in ("steal", None, 5, ["cancel"]):
        with pytest.raises(MalformedValue):
            decode(models.Request, {**encoded, "remedy": remedy})


@pytest.mark.parametrize("pieces", [(), ((1, 0),), ((1, -1),), ((1, 1), (2, 0)), ((1, 1), (1, 1))])
def test_goods_are_asked_for_by_the_piece_and_each_line_once(pieces):
    for kind in (models.ReturnRequest, models.RepairRequest, models.ResendRequest):
        with pytest.raises(MalformedValue):
            decode(models.Request, encode(kind(pieces, models.Reason.SIZE)))


def test_an_exchange_is_of_one_line():
    request = models.ExchangeRequest(((1, 1), (2, 1)), models.Reason.SIZE)
    with pytest.raises(MalformedValue):
        decode(models.Request, encode(request))


def test_a_verdict_keeps_days_apart_from_texts():
    verdict = Verdict(
        models.Remedy.RETURN,
        Outcome.DENIED,
        ("no_reason_too_late",),
        "2026-01",
        facts={"last_day": date(2026, 11, 8), "said": "2026-11-08"},
        line_verdicts=(LineVerdict(1, 1, Outcome.DENIED, "no_reason_too_late"),),
    )
    assert decode(Verdict, json.loads(json.dumps(encode(verdict)))) == verdict


def test_what_is_no_text_is_left_out_of_one():
    assert encode("买\0错\ud800了") == "买错?了"


@pytest.mark.parametrize("value", [1.5, object(), b"bytes", datetime(2026, 11, 20)])
def test_what_nobody_could_read_is_not_written(value):
    with pytest.raises((TypeError, ValueError)):
        encode(value)
