"""`POST /v1/handoffs`: for our own services, once for each key."""

import asyncio

import pytest

from bot.desk.handoffs import Idempotency, check_service_token
from bot.errors import Conflict, Unauthorized
from bot.storage import keys

AUTHORIZED = {"Authorization": "Bearer service-token"}
BODY = {
    "conversation_id": "c_1",
    "reason": "asked",
    "skill": "zh",
    "priority": "high",
    "summary": "想退货",
    "facts": {"order_number": "XE20260002"},
    "transcript": [],
    "language": "zh-Hans",
}


@pytest.fixture
def idempotency(redis):
    return Idempotency(redis)


async def test_a_key_is_new_until_something_was_made_with_it(idempotency):
    assert await idempotency.claim("c_1", "k1", "body") is None
    assert await idempotency.claim("c_1", "k1", "body") is None
    await idempotency.keep("c_1", "k1", "body", "T-1")
    assert await idempotency.claim("c_1", "k1", "body") == "T-1"
    assert await idempotency.claim("c_1", "k2", "body") is None
    # Two shoppers' clients may count their messages alike.
    assert await idempotency.claim("c_2", "k1", "body") is None


async def test_a_key_with_another_body_is_a_conflict(idempotency):
    await idempotency.keep("c_1", "k1", '{"reason": "退货"}', "T-1")
    with pytest.raises(Conflict) as refused:
        await idempotency.claim("c_1", "k1", '{"reason": "退貨"}')
    assert (refused.value.code, refused.value.status) == ("idempotency_key_reused", 409)


async def test_a_key_is_forgotten_when_nobody_calls_again(idempotency, redis):
    await idempotency.keep("c_1", "k1", "body", "T-1")
    assert 0 < await redis.ttl(keys.handoff("c_1", "k1")) <= keys.IDEMPOTENCY_SECONDS


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "service-token", "Bearer service-toke", "Bearer 令牌"]
)
def test_who_does_not_know_the_service_token_is_refused(given):
    with pytest.raises(Unauthorized):
        check_service_token(given, "service-token")


def test_who_knows_the_service_token_may_call():
    check_service_token("Bearer service-token", "service-token")


@pytest.fixture
def post(gateway):
    async def call(key="k1", headers=None, **changed):
        given = AUTHORIZED if headers is None else headers
        if key:
            given = {**given, "Idempotency-Key": key}
        return await gateway.post("/v1/handoffs", json={**BODY, **changed}, headers=given)

    return call


async def test_a_handoff_is_a_ticket_with_a_place_in_the_queue(post, gateway):
    response = await post()
    assert response.status_code == 201
    made = response.json()
    assert (made["state"], made["position"], made["eta_seconds"]) == ("queued", 1, 120)
    assert made["ticket"] and made["handoff_id"]
    assert made["facts"] == BODY["facts"] and made["summary"] == "想退货"

    found = await gateway.get(f"/v1/handoffs/{made['handoff_id']}", headers=AUTHORIZED)
    assert found.status_code == 200
    assert found.json()["ticket"] == made["ticket"]


async def test_the_same_key_and_body_give_the_same_ticket(post, tickets):
    first, again = await post(), await post()
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["handoff_id"] == first.json()["handoff_id"]
    assert len(await tickets.all_open()) == 1


async def test_the_same_key_at_the_same_moment_gives_one_ticket(post, tickets):
    responses = await asyncio.gather(*(post() for _ in range(4)))
    assert {response.status_code for response in responses} == {201}
    assert len(await tickets.all_open()) == 1


async def test_another_key_for_a_waiting_conversation_gives_its_ticket(post):
    first, other = await post("k1"), await post("k2")
    assert other.json()["handoff_id"] == first.json()["handoff_id"]


async def test_the_same_key_with_another_body_is_refused(post):
    await post()
    refused = await post(reason="other")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "idempotency_key_reused"


async def test_the_same_key_of_two_conversations_makes_two_tickets(post):
    first, other = await post(), await post(conversation_id="c_2")
    assert (first.status_code, other.status_code) == (201, 201)
    assert first.json()["ticket"] != other.json()["ticket"]


async def test_a_finished_handoff_is_not_opened_again_by_its_old_key(post, desk, mei, tickets):
    made = (await post()).json()
    await desk.take(made["ticket"], mei)
    await desk.close(made["ticket"], mei)
    again = (await post()).json()
    assert (again["ticket"], again["state"]) == (made["ticket"], "closed")
    assert (again["position"], again["eta_seconds"]) == (None, 0)
    assert await tickets.all_open() == []


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
async def test_strangers_may_neither_post_nor_ask(post, gateway, headers):
    assert (await post(headers=headers)).status_code == 401
    assert (await gateway.get("/v1/handoffs/T-1", headers=headers)).status_code == 401


async def test_a_handoff_needs_a_key(post):
    response = await post(key="")
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "idempotency_key_missing"


async def test_a_handoff_of_another_shape_is_refused(post):
    for changed in (
        {"conversation_id": ""},
        {"conversation_id": 7},
        {"conversation_id": "c" * 129},
        {"reason": ""},
        {"priority": "whenever"},
        {"summary": "长" * 2001},
        {"facts": "none"},
        {"language": "fr"},
    ):
        response = await post(**changed)
        assert response.status_code == 400, changed
        error = response.json()["error"]
        assert error["code"] == "malformed"
        assert f"body.{next(iter(changed))}" in error["detail"]["at"]


async def test_a_handoff_that_does_not_exist_is_not_found(gateway):
    response = await gateway.get("/v1/handoffs/T-0", headers=AUTHORIZED)
    assert response.status_code == 404
