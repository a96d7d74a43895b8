"""A shop that is slow or hangs: the shopper waits no longer than a turn, others not at all."""

import asyncio
import threading
import time
from dataclasses import replace
from typing import Any, Callable, Iterator, List

import pytest

from actions import services as installed
from actions import shop_client
from actions.orders import ActionTellOrderStatus
from actions.returns import ActionOpenReturn
from actions.shop_client import ShopClient
from shop import Identity, OrderNotFound, ShopUnavailable

WHO = Identity(customer_id="C1001")
NUMBER = "XE20260001"


class Gate:
    """A real shop behind a door: calls of the named methods wait while it is shut."""

    def __init__(self, shop: Any) -> None:
        self._shop = shop
        self._open = threading.Event()
        self._open.set()
        self.slow: List[str] = []
        self.calls = 0

    def shut(self, *methods: str) -> None:
        self.slow = list(methods)
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._shop, name)

        def call(*args: Any, **named: Any) -> Any:
            self.calls += 1
            if name in self.slow:
                self._open.wait(30)
            return method(*args, **named)

        return call


@pytest.fixture
def gate(shop: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    # A turn's time in small, so that hanging costs a test little.
    monkeypatch.setattr(shop_client, "TURN_SECONDS", 0.6)
    monkeypatch.setattr(shop_client, "CALL_SECONDS", 0.4)
    found = Gate(shop)
    yield found
    found.open()


@pytest.fixture
def client(gate: Gate) -> Iterator[ShopClient]:
    found = ShopClient(gate)
    yield found
    gate.open()
    found.close()


@pytest.fixture
def installed_client(client: ShopClient) -> ShopClient:
    """The actions ask the shop behind the door."""
    installed.install(replace(installed.services(), shop=client))
    return client


async def test_a_turns_time_is_less_than_a_shopper_waits() -> None:
    assert shop_client.TURN_SECONDS < 4 and shop_client.CALL_SECONDS < shop_client.TURN_SECONDS


async def test_a_slow_shop_is_given_up_within_the_calls_time(
    gate: Gate, client: ShopClient
) -> None:
    gate.shut("order")
    began = time.monotonic()
    with pytest.raises(ShopUnavailable):
        await client.order(WHO, NUMBER)
    assert 0.3 < time.monotonic() - began < 1


async def test_all_calls_of_a_turn_together_have_the_turns_time(
    gate: Gate, client: ShopClient
) -> None:
    gate.shut("order")
    began = time.monotonic()
    shop_client.begin_turn(time.time())
    for _ in range(3):
        with pytest.raises(ShopUnavailable):
            await client.order(WHO, NUMBER)
    # One call's whole time, what was left of the turn, and the least that is tried.
    assert time.monotonic() - began < 1.2


async def test_what_a_message_waited_before_it_was_read_counts(
    gate: Gate, client: ShopClient
) -> None:
    gate.shut("order")
    shop_client.begin_turn(time.time() - 10)
    began = time.monotonic()
    with pytest.raises(ShopUnavailable):
        await client.order(WHO, NUMBER)
    assert time.monotonic() - began < 0.35


async def test_one_that_waits_holds_up_nobody_else(gate: Gate, client: ShopClient) -> None:
    gate.shut("order")
    waiting = asyncio.ensure_future(client.order(WHO, NUMBER))
    orders = await client.orders(WHO)
    assert orders and not waiting.done()
    with pytest.raises(ShopUnavailable):
        await waiting


async def test_a_shop_that_hangs_is_not_called_until_it_answers_again(
    gate: Gate, client: ShopClient, wait_for: Callable[..., Any]
) -> None:
    gate.shut("order")
    asked = [client.order(WHO, NUMBER) for _ in range(8)]
    assert all(
        isinstance(each, ShopUnavailable)
        for each in await asyncio.gather(*asked, return_exceptions=True)
    )
    calls, began = gate.calls, time.monotonic()
    with pytest.raises(ShopUnavailable):
        await client.order(WHO, NUMBER)
    assert gate.calls == calls and time.monotonic() - began < 0.1
    gate.open()
    for _ in range(200):
        try:
            order = await client.order(WHO, NUMBER)
            break
        except ShopUnavailable:
            await asyncio.sleep(0.01)
    assert order.number == NUMBER


async def test_what_the_shop_says_no_to_is_no_silence(client: ShopClient) -> None:
    with pytest.raises(OrderNotFound):
        await client.order(Identity(customer_id="C1003"), NUMBER)


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_a_shopper_hears_of_a_slow_shop_in_time_and_is_not_stuck(
    customer: Any, gate: Gate, installed_client: ShopClient, language: str
) -> None:
    scene = customer("C1001", language)
    scene.slots["order_number"] = NUMBER
    gate.shut("order")
    began = time.monotonic()
    scene.hears("到哪了")
    assert await scene.does(ActionTellOrderStatus()) == ["utter_orders_shop_unavailable"]
    assert time.monotonic() - began < 1 and scene.cleared


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_a_settlement_that_never_answers_is_told_as_unknown_and_done_once(
    customer: Any,
    gate: Gate,
    installed_client: ShopClient,
    rows: Any,
    wait_for: Callable[..., Any],
    language: str,
) -> None:
    scene = customer("C1001", language)
    scene.slots.update(
        order_number="XE20260002", order_lines=[2], reason="changed_mind", confirmed=True
    )
    gate.shut("settle")
    scene.hears("确认", intent="affirm", message_id="m-1")
    assert await scene.does(ActionOpenReturn()) == ["utter_orders_outcome_unknown"]
    assert scene.facts("utter_orders_outcome_unknown")["order_number"] == "XE20260002"
    assert scene.cleared and rows("select * from returns") == []
    # The shop did it all the same, later; asking again does nothing twice.
    gate.open()
    wait_for(lambda: rows("select * from returns"), 5, "the return")
    again = customer("C1001", language)
    again.slots.update(
        order_number="XE20260002", order_lines=[2], reason="changed_mind", confirmed=True
    )
    again.hears("确认", intent="affirm", message_id="m-2")
    assert await again.does(ActionOpenReturn()) == ["utter_returns_denied_already"]
    assert len(rows("select * from returns")) == 1
