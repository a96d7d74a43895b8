"""What the shop's server gets, and what its answers mean."""

import base64
import email.utils
import hashlib
import hmac
import time

import httpx
import pytest

from bot.app import create_app
from bot.channels.webhook import ReplyWebhook
from bot.conversation.messages import AGENT, Button, Entry, Numbered
from bot.conversation.push import Delivery, TryLater, Undeliverable

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
WORD = Entry(
    sender="bot",
    text="您的包裹预计明天到。",
    at="2026-11-03T08:00:00.000+00:00",
    language="zh-Hans",
    card={"type": "order", "number": "XE20260001"},
    buttons=[Button("转人工", "b_1")],
    sources=[{"id": "delivery-time", "title": "多久到货", "updated": "2026-11-01"}],
)


@pytest.fixture
async def webhook(receiver):
    door = ReplyWebhook(receiver.url, SECRET)
    yield door
    await door.close()


@pytest.fixture
def delivery():
    return Delivery("c_1-7", "c_1", "C1001", None, Numbered(7, WORD))


def is_signed(headers, body, key=KEY):
    """As a receiver verifies it, with nothing of ours."""
    parts = [headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body]
    expected = base64.b64encode(hmac.digest(key, b".".join(parts), "sha256")).decode()
    versions = [each.split(",", 1) for each in headers["webhook-signature"].split(" ")]
    fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return fresh and any(
        version == "v1" and hmac.compare_digest(signature, expected)
        for version, signature in versions
    )


async def test_a_reply_is_posted_as_the_shopper_api_shows_it(webhook, receiver, delivery):
    await webhook.deliver(delivery)
    (body,) = receiver.bodies
    assert body == {
        "delivery_id": "c_1-7",
        "conversation_id": "c_1",
        "customer_id": "C1001",
        "reply": {
            "seq": 7,
            "from": "bot",
            "text": "您的包裹预计明天到。",
            "at": "2026-11-03T08:00:00.000+00:00",
            "buttons": [{"title": "转人工", "payload": "b_1"}],
            "card": {"type": "order", "number": "XE20260001"},
            "sources": [{"id": "delivery-time", "title": "多久到货", "updated": "2026-11-01"}],
            "language": "zh-Hans",
        },
    }
    ((headers, _),) = receiver.requests
    assert headers["content-type"] == "application/json"


async def test_an_agents_words_say_who_speaks_and_a_visitor_has_no_number(webhook, receiver):
    word = Entry(sender=AGENT, text="Hi, Mei here.", at=WORD.at, language="en", agent="mei")
    await webhook.deliver(Delivery("c_2-3", "c_2", None, "v-1", Numbered(3, word)))
    (body,) = receiver.bodies
    assert body["customer_id"] is None
    assert (body["reply"]["from"], body["reply"]["agent"]) == ("agent", "mei")
    assert "v-1" not in receiver.requests[0][1].decode()


async def test_it_is_signed_over_exactly_what_is_sent(webhook, receiver, delivery):
    await webhook.deliver(delivery)
    ((headers, body),) = receiver.requests
    assert headers["webhook-id"] == "c_1-7"
    assert is_signed(headers, body)
    assert not is_signed(headers, body + b" ")
    assert not is_signed(headers, body, key=hashlib.sha256(KEY).digest())


async def test_each_try_has_the_same_id_and_its_own_time(receiver, delivery):
    moments = iter([1_700_000_000.9, 1_700_000_060.2])
    door = ReplyWebhook(receiver.url, SECRET, clock=lambda: next(moments))
    await door.deliver(delivery)
    await door.deliver(delivery)
    await door.close()
    assert receiver.ids == ["c_1-7", "c_1-7"]
    sent = [headers for headers, _ in receiver.requests]
    assert [each["webhook-timestamp"] for each in sent] == ["1700000000", "1700000060"]
    assert sent[0]["webhook-signature"] != sent[1]["webhook-signature"]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_2xx_means_that_it_arrived(webhook, receiver, delivery, status):
    receiver.answers(status)
    await webhook.deliver(delivery)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 415, 422, 451])
async def test_a_refusal_is_for_good(webhook, receiver, delivery, status):
    receiver.answers(status)
    with pytest.raises(Undeliverable) as refused:
        await webhook.deliver(delivery)
    assert refused.value.error == f"http_{status}"


@pytest.mark.parametrize("status", [301, 302, 307, 408, 409, 425, 429, 500, 502, 503, 504])
async def test_other_answers_may_change(webhook, receiver, delivery, status):
    receiver.answers(status, location="/elsewhere")
    with pytest.raises(TryLater) as failed:
        await webhook.deliver(delivery)
    assert (failed.value.error, failed.value.retry_after) == (f"http_{status}", None)
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        (email.utils.formatdate(1_700_000_090, usegmt=True), 90),
        (email.utils.formatdate(1_600_000_000, usegmt=True), 0),
        ("Tue, 14 Nov 2023 22:14:50 -0000", 90),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("Tue, 14 Nov 99999999999999999999 22:14:50 GMT", None),
    ],
)
async def test_a_receiver_may_say_when_to_come_back(receiver, delivery, header, seconds):
    door = ReplyWebhook(receiver.url, SECRET, clock=lambda: 1_700_000_000)
    receiver.answers(503, retry_after=header)
    with pytest.raises(TryLater) as failed:
        await door.deliver(delivery)
    await door.close()
    assert failed.value.retry_after == seconds


async def test_a_receiver_that_is_down_may_come_back(webhook, receiver, delivery):
    await receiver.down()
    with pytest.raises(TryLater) as failed:
        await webhook.deliver(delivery)
    assert failed.value.error == "unreachable"


async def test_a_receiver_that_does_not_answer_may_later(receiver, delivery, monkeypatch):
    monkeypatch.setattr("bot.channels.webhook._TIMEOUT_SECONDS", 0.2)
    receiver.hold("c_1")
    door = ReplyWebhook(receiver.url, SECRET)
    with pytest.raises(TryLater) as failed:
        await door.deliver(delivery)
    await door.close()
    assert failed.value.error == "timeout"


@pytest.fixture
async def gateway(redis, read_once, gateway_settings, receiver):
    """The running gateway, its assistant down, with the shop's server as its webhook."""
    settings = gateway_settings(
        assistant_url="http://127.0.0.1:9",
        turn_timeout=0.3,
        reply_webhook_url=receiver.url,
        reply_webhook_secret=SECRET,
    )
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http,
    ):
        yield http


async def test_with_the_setting_the_gateway_pushes_what_shoppers_of_the_web_door_are_told(
    gateway, receiver, until
):
    token = (await gateway.post("/v1/visitors")).json()["token"]
    answer = await gateway.post(
        "/v1/messages",
        json={"message_id": "m1", "text": "where is my parcel"},
        headers={"authorization": f"Bearer {token}"},
    )
    shown = answer.json()["replies"]
    assert len(shown) == 2
    await until(lambda: len(receiver.requests) == 2, "both replies")
    assert [body["reply"] for body in receiver.bodies] == shown
    assert all(is_signed(headers, body) for headers, body in receiver.requests)
