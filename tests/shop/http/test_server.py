"""What one end asks arrives at the other, and what that answers comes back: over real sockets."""

import inspect
import json
import re
from datetime import date, datetime, timezone
from pathlib import Path

import httpx
import pytest
import yaml

from shop import errors, models
from shop.backend import ShopBackend
from shop.http.errors import WIRE_ERRORS, NotThere
from shop.http.server import create_app, describe
from shop.rights.verdict import LineVerdict, Outcome, Verdict

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 20, 2, tzinfo=timezone.utc)
LIN = models.Identity(customer_id="C1001", origin="2001:db8::7")
GUEST = models.Identity(visitor_id="游客/7 ü", origin="192.0.2.9")
NUMBER = "XE20269999"
CUP = models.Product("CUP", "home", {"zh": "杯子", "en": "Cup"}, 3900)
CUSTOMER = models.Customer(
    "C1001", "林晓", models.Language.SIMPLIFIED, models.Level.GOLD, "13800005566", 1200
)
COUPON = models.Coupon("C-1", {"zh": "券", "en": "Coupon"}, 1000, 5000, date(2026, 12, 1))
POINTS = models.PointsEntry(NOW, -30, "refund", NUMBER)
SETTLED = models.Settlement("RMA-1", models.Remedy.RETURN, NUMBER, NOW, None, refund_cents=3900)
NOTICE = models.StockNotice("SN-1", "CUP-红", NOW)
RETURN = models.ReturnRequest(((1, 1),), models.Reason.QUALITY, note="杯口有裂纹 / cracked\n2x")
REFUSED = Verdict(
    models.Remedy.RETURN,
    Outcome.NEEDS_EVIDENCE,
    ("quality_claim", "no_reason_window"),
    "2026-01",
    {"last_day": date(2026, 11, 27), "refund_cents": 3900, "payer": models.Payer.SHOP},
    (LineVerdict(1, 1, Outcome.NEEDS_EVIDENCE, "quality_claim", 3900),),
    refund_cents=3900,
    freight_paid_by=models.Payer.SHOP,
)


class ScriptedShop:
    """Notes what it is asked, and answers what a test has put into ``answer``."""

    def __init__(self):
        self.asked = []
        self.answer = None

    def __getattr__(self, name):
        def method(*args, **options):
            bound = inspect.signature(getattr(ShopBackend, name)).bind(None, *args, **options)
            bound.apply_defaults()
            self.asked.append((name, *list(bound.arguments.values())[1:]))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

        return method


@pytest.fixture
def script():
    return ScriptedShop()


@pytest.fixture
def url(script, serve):
    return serve(script)


@pytest.fixture
def shop(url, reach):
    return reach(url)


@pytest.fixture
def web(url, token):
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
        yield client


@pytest.fixture
def order(make_order, make_line):
    return make_order(make_line(1), make_line(2, quantity=3))


CALLS = {
    "customer": ((CUSTOMER.id,), {}, CUSTOMER),
    "coupons": ((LIN,), {}, [COUPON]),
    "points": ((LIN,), {"limit": 7}, [POINTS]),
    "products": ((("CUP", "T恤 &?"),), {}, {"CUP": CUP}),
    "has_stepped_up": ((GUEST, NUMBER), {}, True),
    "settle": ((LIN, NUMBER, RETURN), {"idempotency_key": "m-1/ü", "now": NOW}, SETTLED),
    "watch_stock": ((LIN, NOTICE.variant), {"now": NOW}, NOTICE),
    "is_fulfilled": (("RF 1",), {}, False),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_arrives_as_it_was_made_and_its_answer_comes_back(script, shop, name):
    args, options, script.answer = CALLS[name]
    assert getattr(shop, name)(*args, **options) == script.answer
    assert script.asked == [(name, *args, *options.values())]


@pytest.mark.parametrize("identity", [LIN, GUEST])
def test_orders_arrive_and_come_back_for_customers_and_visitors(script, shop, order, identity):
    script.answer = order
    assert shop.order(identity, "ｘｅ2026 9999") == order
    assert shop.prove_order(identity, NUMBER, "5566") == order
    script.answer = [order]
    assert shop.orders(identity, limit=3) == [order]
    assert script.asked == [
        ("order", identity, NUMBER),
        ("prove_order", identity, NUMBER, "5566"),
        ("orders", identity, 3),
    ]
    assert {asked[1].origin for asked in script.asked} == {identity.origin}


def test_what_is_not_there_is_none(script, shop):
    assert shop.customer("C9") is None
    assert shop.is_fulfilled("RF9") is None
    script.answer = {}
    assert shop.product("NONE") is None


def test_a_visitor_has_no_coupons_and_no_points_and_nobody_is_asked(script, shop):
    assert shop.coupons(GUEST) == shop.points(GUEST) == []
    assert script.asked == []


@pytest.mark.parametrize(
    "call",
    [
        lambda shop: shop.orders(LIN, limit=0),
        lambda shop: shop.settle(LIN, NUMBER, RETURN, idempotency_key="", now=NOW),
        lambda shop: shop.settle(
            LIN, NUMBER, RETURN, idempotency_key="m", now=NOW.replace(tzinfo=None)
        ),
        lambda shop: shop.watch_stock(GUEST, "CUP", now=NOW),
    ],
)
def test_a_call_that_is_wrong_in_itself_is_not_made(script, shop, call):
    with pytest.raises(ValueError):
        call(shop)
    assert script.asked == []


def settle(shop):
    shop.settle(LIN, NUMBER, RETURN, idempotency_key="m-1", now=NOW)


def prove(shop):
    shop.prove_order(GUEST, NUMBER, "0000")


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda shop: shop.order(LIN, NUMBER), errors.OrderNotFound()),
        (settle, errors.OrderNotFound()),
        (settle, errors.LineNotFound(9)),
        (settle, errors.RequestRefused(REFUSED)),
        (settle, errors.StepUpRequired()),
        (settle, errors.IdempotencyConflict()),
        (prove, errors.ProofRejected(3)),
        (prove, errors.TooManyAttempts(1740)),
        (lambda shop: shop.watch_stock(LIN, "NONE", now=NOW), errors.VariantNotFound()),
        (lambda shop: shop.orders(LIN), errors.ShopUnavailable()),
    ],
)
def test_an_error_comes_back_with_all_that_it_carries(script, shop, call, error):
    script.answer = error
    with pytest.raises(type(error)) as raised:
        call(shop)
    assert vars(raised.value) == vars(error)


@pytest.mark.parametrize(
    "error", [errors.PolicyError("policy.yml: days"), ValueError("secret"), KeyError("secret")]
)
def test_what_goes_wrong_inside_is_told_as_unavailable_and_without_its_words(
    script, shop, web, error
):
    script.answer = error
    with pytest.raises(errors.ShopUnavailable):
        shop.orders(LIN)
    told = web.get("/v1/orders", headers={"X-Xiaoer-Customer": "C1001"})
    assert told.status_code in (500, 503)
    assert set(told.json()["error"]) == {"code", "message", "detail"}
    assert "secret" not in told.text and "policy.yml" not in told.text


def test_every_error_of_the_protocol_has_its_place_on_the_wire():
    def below(kind):
        return {kind}.union(*map(below, kind.__subclasses__()))

    at_the_start_alone = {errors.PolicyError, errors.SchemaMismatch, errors.NotADemoShop}
    known = {kind for kind in below(errors.ShopError) if kind.__module__ == "shop.errors"}
    on_the_wire = {row.kind for row in WIRE_ERRORS} - {NotThere}
    assert on_the_wire == known - at_the_start_alone - {errors.ShopError}
    assert len({row.code for row in WIRE_ERRORS}) == len(WIRE_ERRORS)


def test_who_is_locked_out_hears_when_to_come_back(script, web):
    script.answer = errors.TooManyAttempts(1740)
    told = web.post(
        "/v1/proofs",
        headers={"X-Xiaoer-Visitor": "v"},
        json={"order_number": NUMBER, "phone_last4": "0000"},
    )
    assert (told.status_code, told.headers["Retry-After"]) == (429, "1740")
    assert told.json()["error"]["detail"] == {"retry_after_seconds": 1740}


@pytest.mark.parametrize("header", [None, "", "Bearer wrong", "Basic YTpi", "Bearer é", "bearer"])
def test_without_the_token_nothing_is_answered(script, url, header):
    headers = {"X-Xiaoer-Customer": "C1001"}
    if header is not None:
        headers["Authorization"] = header.encode()
    for path, operations in describe()["paths"].items():
        for method in operations:
            told = httpx.request(method, url + path, headers=headers, json={})
            assert (told.status_code, told.json()["error"]["code"]) == (401, "unauthorised")
    assert script.asked == []


def test_a_token_that_is_wrong_is_unavailable_to_the_shopper(url, reach):
    with pytest.raises(errors.ShopUnavailable):
        reach(url, token="another").orders(LIN)


def test_nobody_serves_without_a_token(script):
    with pytest.raises(ValueError):
        create_app(script, "")


CUSTOMER_ASKS = {"X-Xiaoer-Customer": "C1001"}
ASKED = {"request": {"remedy": "cancel"}, "asked_at": "2026-11-20T02:00:00Z"}
KEY = {**CUSTOMER_ASKS, "Idempotency-Key": "m-1"}


@pytest.mark.parametrize(
    ("status", "method", "path", "headers", "body"),
    [
        (400, "GET", "/v1/orders", {}, None),
        (400, "GET", "/v1/orders", {"X-Xiaoer-Customer": ""}, None),
        (400, "GET", "/v1/orders", {"X-Xiaoer-Customer": "%ff"}, None),
        (400, "GET", "/v1/orders", {**CUSTOMER_ASKS, "X-Xiaoer-Visitor": "v"}, None),
        (400, "GET", "/v1/orders?limit=0", CUSTOMER_ASKS, None),
        (400, "GET", "/v1/orders?limit=many", CUSTOMER_ASKS, None),
        (400, "GET", "/v1/products", {}, None),
        (400, "GET", "/v1/products?" + "sku=x&" * 101, {}, None),
        (400, "POST", "/v1/orders/X/requests", CUSTOMER_ASKS, ASKED),
        (400, "POST", "/v1/orders/X/requests", {**CUSTOMER_ASKS, "Idempotency-Key": ""}, ASKED),
        (400, "POST", "/v1/orders/X/requests", KEY, {**ASKED, "asked_at": "2026-11-20T02:00"}),
        (400, "POST", "/v1/orders/X/requests", KEY, {**ASKED, "request": {"remedy": "rob"}}),
        (400, "POST", "/v1/orders/X/requests", KEY, {"asked_at": ASKED["asked_at"]}),
        (400, "POST", "/v1/orders/X/requests", KEY, []),
        (400, "POST", "/v1/orders/X/requests", KEY, b"{"),
        (400, "POST", "/v1/orders/X/requests", KEY, b"\xff\xfe\x00"),
        (400, "POST", "/v1/orders/X/requests", KEY, b"[" * 60_000),
        (413, "POST", "/v1/orders/X/requests", KEY, b" " * 70_000),
        (400, "POST", "/v1/proofs", CUSTOMER_ASKS, {"order_number": 5, "phone_last4": "5566"}),
        (400, "POST", "/v1/stock-notices", {"X-Xiaoer-Visitor": "v"}, {"variant": "CUP"}),
        (404, "GET", "/v1/nothing", {}, None),
        (405, "DELETE", "/v1/orders", CUSTOMER_ASKS, None),
    ],
)
def test_a_wrong_call_is_told_so_and_reaches_no_shop(
    script, web, status, method, path, headers, body
):
    content = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    told = web.request(method, path, headers=headers, content=content)
    assert told.status_code == status, told.text
    assert set(told.json()["error"]) == {"code", "message", "detail"}
    assert script.asked == []


def test_the_description_in_the_docs_is_what_is_served():
    written = yaml.safe_load((ROOT / "docs" / "shop_api.yml").read_text(encoding="utf-8"))
    assert written == describe(), "write it anew: python -m shop describe > docs/shop_api.yml"


def test_whatever_the_description_refers_to_is_in_it():
    described = describe()
    names = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(described)))
    schemas = described["components"]["schemas"]
    assert names <= set(schemas)
    assert {"Order", "Verdict", "ReturnRequest", "DuplicatePaymentRequest"} <= names


def test_the_docs_name_every_call_and_every_error():
    text = (ROOT / "docs" / "shop_api.md").read_text(encoding="utf-8")
    for path, operations in describe()["paths"].items():
        for method in operations:
            assert f"`{method.upper()} {path}`" in text
    for row in WIRE_ERRORS:
        assert f"| `{row.code}` | {row.status} |" in text
