"""Whatever the other end does, a call ends in time, and the next one finds it well again."""

import contextlib
import json
import logging
import os
import socket
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest

from shop.errors import OrderNotFound, ShopUnavailable
from shop.http.codec import encode
from shop.models import CancelRequest, Identity, Remedy, Settlement

LIN = Identity(customer_id="C1001")
NUMBER = "XE20269999"
NOW = datetime(2026, 11, 20, 2, tzinfo=timezone.utc)


@pytest.fixture
def good(make_order, make_line):
    return encode(make_order(make_line()))


@pytest.fixture
def shop(stranger, reach):
    return reach(stranger.url)


def head(length, status="200 OK", more=""):
    return f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{more}\r\n".encode()


def slow(connection, _):
    time.sleep(5)
    connection.sendall(head(2) + b"{}")


def drips_headers(connection, _):
    for byte in head(2) + b"{}":
        connection.sendall(bytes([byte]))
        time.sleep(1)


def drips_the_body(connection, _):
    connection.sendall(head(600))
    for _ in range(600):
        connection.sendall(b" ")
        time.sleep(1)


def resets(connection, _):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())


def hangs_up(connection, _):
    connection.shutdown(socket.SHUT_RDWR)


def breaks_off(connection, _):
    connection.sendall(head(1000) + b'{"number": "XE2026')
    connection.shutdown(socket.SHUT_RDWR)


def sends_too_much(connection, _):
    connection.sendall(head(100_000_000))
    for _ in range(100):
        connection.sendall(b" " * 1_000_000)


def sends_without_end(connection, _):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"f4240\r\n" + b" " * 1_000_000 + b"\r\n")


def says(content, status="200 OK", more=""):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return lambda connection, _: connection.sendall(head(len(data), status, more) + data)


def error(code, status, **detail):
    return says({"error": {"code": code, "message": "", "detail": detail}}, status)


WRONG = {
    "slow": slow,
    "a byte a second from the start": drips_headers,
    "a byte a second in the body": drips_the_body,
    "reset": resets,
    "hangs up": hangs_up,
    "breaks off": breaks_off,
    "too much": sends_too_much,
    "without end": sends_without_end,
    "no HTTP": lambda connection, _: connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    "500": error("internal", "500 Oops"),
    "503": error("shop_unavailable", "503 Busy"),
    "502 of a proxy": says(b"<html><h1>502 Bad Gateway</h1></html>", "502 Bad Gateway"),
    "401": error("unauthorised", "401 No"),
    "429 of a proxy": says(b"slow down", "429 Too Many Requests"),
    "204": lambda connection, _: connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "404 of a proxy": says(b"<html>nothing here</html>", "404 Not Found"),
    "404 with another code": error("no_such_path", "404 Not Found"),
    "an error of another call": error("variant_not_found", "404 Not Found"),
    "an error with another status": error("order_not_found", "400 Bad Request"),
    "an error without a code": says({"error": "order_not_found"}, "404 Not Found"),
    "truncated JSON": says(b'{"number": "XE20269999", "lines": ['),
    "HTML": says(b"<html>Welcome to our shop!</html>"),
    "nothing": says(b""),
    "bytes": says(bytes(range(256))),
    "a text": says("XE20269999"),
    "null": says(None),
    "a list": says([]),
    "another shape": says({"order": {"id": 5}}),
    "nested without end": says(b"[" * 100_000),
    "a number without end": says(b'{"total_cents": ' + b"9" * 100_000 + b"}"),
    "compressed": says(b"\x1f\x8b\x08\x00\x00", more="Content-Encoding: gzip\r\n"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_told_in_time_and_the_next_good_one_is_heard(
    stranger, shop, takes, good, name
):
    stranger.behaviour = WRONG[name]
    with takes(2.5), pytest.raises(ShopUnavailable):
        shop.order(LIN, NUMBER)
    stranger.says(good)
    assert shop.order(LIN, NUMBER).number == NUMBER


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "XE20260002"},
        {"customer_id": "C1002"},
        {"status": "teleported"},
        {"total_cents": -100},
        {"total_cents": "100"},
        {"placed_at": "yesterday"},
        {"lines": None},
    ],
)
def test_an_order_that_is_another_or_makes_no_sense_is_never_shown(stranger, shop, good, wrong):
    stranger.says({**good, **wrong})
    with pytest.raises(ShopUnavailable):
        shop.order(LIN, NUMBER)


def test_a_redirect_is_not_followed(stranger, shop, good):
    def leads_elsewhere(connection, request):
        if "elsewhere" in request["call"]:
            connection.sendall(head(len(json.dumps(good))) + json.dumps(good).encode())
        else:
            connection.sendall(head(0, "307 Gone There", f"Location: {stranger.url}/elsewhere\r\n"))

    stranger.behaviour = leads_elsewhere
    with pytest.raises(ShopUnavailable):
        shop.order(LIN, NUMBER)
    assert len(stranger.requests) == 1


def test_nobody_at_the_address_is_told_in_time(reach, takes):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        shop = reach(f"http://127.0.0.1:{unused.getsockname()[1]}")
        with takes(2.5), pytest.raises(ShopUnavailable):
            shop.order(LIN, NUMBER)


def test_a_server_that_never_takes_the_connection_up_is_left_in_time(reach, takes):
    with contextlib.ExitStack() as open_sockets:
        full = open_sockets.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        shop = reach(f"http://127.0.0.1:{full.getsockname()[1]}")
        with takes(2.5), pytest.raises(ShopUnavailable):
            shop.order(LIN, NUMBER)


def first_fails(stranger, good):
    def behave(connection, _):
        if len(stranger.requests) == 1:
            resets(connection, _)
        else:
            data = json.dumps(good).encode()
            connection.sendall(head(len(data)) + data)

    stranger.behaviour = behave


def test_a_question_is_asked_once_more_when_the_connection_breaks(stranger, shop, good):
    first_fails(stranger, good)
    assert shop.order(LIN, NUMBER).number == NUMBER
    assert len(stranger.requests) == 2


def test_what_is_done_once_is_repeated_under_the_same_key(stranger, shop):
    done = Settlement("CN1", Remedy.CANCEL, NUMBER, NOW, None)
    first_fails(stranger, encode(done))
    key = "message 7/é"
    got = shop.settle(LIN, NUMBER, CancelRequest(), idempotency_key=key, now=NOW)
    assert got == done
    assert [r["headers"]["idempotency-key"] for r in stranger.requests] == [
        "message%207%2F%C3%A9"
    ] * 2


def test_a_proof_is_never_repeated_since_a_wrong_one_would_count_twice(stranger, shop, good):
    first_fails(stranger, good)
    with pytest.raises(ShopUnavailable):
        shop.prove_order(LIN, NUMBER, "5566")
    assert len(stranger.requests) == 1


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_a_shop_that_fails_again_and_again_is_left_alone_and_found_again(stranger, reach, good):
    clock = Clock()
    shop = reach(stranger.url, clock=clock)
    stranger.behaviour = WRONG["502 of a proxy"]
    for _ in range(5):
        with pytest.raises(ShopUnavailable):
            shop.order(LIN, NUMBER)
    asked = len(stranger.requests)
    stranger.says(good)
    with pytest.raises(ShopUnavailable):
        shop.order(LIN, NUMBER)
    assert len(stranger.requests) == asked
    clock.now += 5
    assert shop.order(LIN, NUMBER).number == NUMBER
    assert shop.order(LIN, NUMBER).number == NUMBER


def test_one_order_that_cannot_be_read_does_not_shut_the_shop_for_the_others(stranger, shop, good):
    stranger.says({**good, "status": "teleported"})
    for _ in range(10):
        with pytest.raises(ShopUnavailable):
            shop.order(LIN, NUMBER)
    stranger.says(good)
    assert shop.order(LIN, NUMBER).number == NUMBER


@pytest.mark.parametrize("typed", ["", "/", "12/34", "..", ".", "\ud800", "XE 2026?x=1#y%2F"])
def test_whatever_is_typed_as_a_number_asks_for_that_number_or_nothing(stranger, shop, typed):
    stranger.behaviour = error("order_not_found", "404 Not Found")
    for _ in range(10):
        with pytest.raises(OrderNotFound):
            shop.order(LIN, typed)
    paths = {request["call"] for request in stranger.requests}
    assert paths <= {"GET /v1/orders/%3F", "GET /v1/orders/XE2026%3FX%3D1%23Y%252F"}


def test_slow_calls_of_several_threads_do_not_wait_for_each_other(stranger, shop, takes):
    stranger.behaviour = slow

    def ask(_):
        with pytest.raises(ShopUnavailable):
            shop.order(LIN, NUMBER)

    with takes(3), ThreadPoolExecutor(10) as threads:
        list(threads.map(ask, range(10)))


def test_the_token_is_sent_and_never_told(stranger, reach, token, caplog):
    caplog.set_level(logging.DEBUG)
    shop = reach(stranger.url)
    stranger.behaviour = WRONG["another shape"]
    with pytest.raises(ShopUnavailable) as refused:
        shop.order(LIN, NUMBER)
    stranger.behaviour = resets
    with pytest.raises(ShopUnavailable) as broken:
        shop.order(LIN, NUMBER)
    assert stranger.requests[0]["headers"]["authorization"] == f"Bearer {token}"
    told = caplog.text
    for error in (refused.value, broken.value):
        while error is not None:
            told += repr(error) + str(error)
            error = error.__cause__ or error.__context__
    assert "shop_answer_refused" in told and "shop_call_failed" in told
    assert token not in told and token not in repr(vars(shop))


def test_closing_ends_what_it_began(stranger, reach, good):
    before = threading.active_count()
    shop = reach(stranger.url)
    stranger.says(good)
    shop.order(LIN, NUMBER)
    shop.close()
    shop.close()
    assert threading.active_count() <= before + 1  # the stranger's own thread for the connection
