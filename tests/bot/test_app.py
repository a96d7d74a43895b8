"""The gateway's own app, called without a network: what it refuses, and as whom it counts."""

import pytest

from bot.conversation import Tokens

SERVICE = {"Authorization": "Bearer service-token", "Idempotency-Key": "k1"}
HANDOFF = {"conversation_id": "c_1", "reason": "asked"}


@pytest.fixture
async def gateway(connect):
    async with connect() as http:
        yield http


@pytest.fixture
def visitor():
    """The headers of a new visitor each time."""
    tokens = Tokens(shop_secret="", shop_public_key="", visitor_secret="v" * 40)
    return lambda: {"Authorization": f"Bearer {tokens.visitor()[0]}"}


def refusal(response):
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize("seq", [2**53 + 1, 2**64, 10**400])
async def test_a_reply_that_no_conversation_can_have_is_malformed(gateway, visitor, seq):
    body = {"reply_seq": seq, "vote": "up"}
    response = await gateway.post("/v1/feedback", json=body, headers=visitor())
    assert refusal(response) == (400, "malformed")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 5000, b'{"text":1' + b"0" * 5000])
async def test_a_body_that_is_no_json_is_malformed(gateway, visitor, content):
    headers = {**visitor(), "Content-Type": "application/json"}
    response = await gateway.post("/v1/messages", content=content, headers=headers)
    assert refusal(response) == (400, "malformed")


@pytest.mark.parametrize("facts", ['{"a": NaN}', '{"a": 1e999}', '{"a":' * 300 + "1" + "}" * 300])
async def test_facts_that_could_not_be_shown_again_never_reach_the_desk(gateway, facts):
    content = f'{{"conversation_id": "c_1", "reason": "asked", "facts": {facts}}}'
    headers = {**SERVICE, "Content-Type": "application/json"}
    response = await gateway.post("/v1/handoffs", content=content, headers=headers)
    assert refusal(response) == (400, "malformed")
    good = await gateway.post("/v1/handoffs", json=HANDOFF, headers=SERVICE)
    assert (good.status_code, good.json()["position"]) == (201, 1)


async def test_another_method_says_which_are_possible(gateway):
    response = await gateway.delete("/v1/feedback")
    assert refusal(response) == (405, "not_possible")
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/assets/widget/%00", "/assets/docs/a%00.js", "/assets/shop/x"])
async def test_a_file_that_cannot_be_is_not_found(gateway, path):
    assert refusal(await gateway.get(path)) == (404, "not_found")


@pytest.mark.parametrize("path", ["/", "/assets/widget/widget.js", "/assets/docs/swagger-ui.css"])
@pytest.mark.parametrize("wanted", ["bytes=9-1", "bytes=99999999-", "lines=1-", "bytes=0-1,0-1"])
async def test_files_are_served_whole(gateway, path, wanted):
    whole = await gateway.get(path)
    response = await gateway.get(path, headers={"Range": wanted})
    assert (response.status_code, response.content) == (200, whole.content)


async def say(http, headers, number):
    body = {"message_id": f"m{number}", "text": "你好"}
    return await http.post("/v1/messages?wait=0", json=body, headers=headers)


async def test_one_address_sends_so_many_messages_whoever_it_says_to_be(connect, visitor):
    changed = {"address_burst": 3, "address_messages_per_second": 0.01}
    async with connect("203.0.113.9", **changed) as http:
        for number in range(3):
            assert (await say(http, visitor(), number)).status_code == 202
        refused = await say(http, visitor(), 3)
        assert refusal(refused) == (429, "too_many_requests")
        assert int(refused.headers["Retry-After"]) >= 1
        pretended = await say(http, {**visitor(), "X-Forwarded-For": "198.51.100.7"}, 3)
        assert pretended.status_code == 429
    async with connect("203.0.113.10", **changed) as http:
        assert (await say(http, visitor(), 3)).status_code == 202


async def test_a_repeated_message_counts_for_its_address(connect, visitor):
    headers = visitor()
    async with connect(address_burst=3, address_messages_per_second=0.01) as http:
        answers = [(await say(http, headers, 1)).status_code for _ in range(4)]
    assert answers == [202, 202, 202, 429]


async def test_a_proxy_that_is_named_is_believed(connect, visitor):
    changed = {
        "address_burst": 1,
        "address_messages_per_second": 0.01,
        "trusted_proxies": "10.0.0.0/8",
    }
    async with connect("10.1.2.3", **changed) as http:
        for number, (forwarded, status) in enumerate(
            [
                ("203.0.113.9", 202),
                ("203.0.113.9", 429),
                ("198.51.100.7, 203.0.113.9", 429),  # the first part is the caller's own word
                ("203.0.113.10, 10.0.0.1", 202),
            ]
        ):
            headers = {**visitor(), "X-Forwarded-For": forwarded}
            assert (await say(http, headers, number)).status_code == status, forwarded


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("203.0.113.9", {}, 403),
        ("203.0.113.9", SERVICE, 200),
    ],
)
@pytest.mark.parametrize("proxies", ["", "127.0.0.1"])
async def test_metrics_are_for_this_machine_or_the_service_token(
    connect, address, headers, status, proxies
):
    async with connect(address, trusted_proxies=proxies) as http:
        assert (await http.get("/metrics", headers=headers)).status_code == status


@pytest.mark.parametrize("size", [60_000, 70_000])
async def test_a_file_is_no_message(gateway, visitor, size):
    files = {"file": ("photo.png", b"\x89PNG" + b"x" * size, "image/png")}
    response = await gateway.post("/v1/messages", files=files, headers=visitor())
    expected = (400, "malformed") if size < 65_000 else (413, "body_too_large")
    assert refusal(response) == expected


async def test_only_the_service_token_may_send_a_long_transcript(gateway):
    body = {**HANDOFF, "transcript": [{"text": "长" * 40_000}]}
    nobody = await gateway.post("/v1/handoffs", json=body, headers={"Idempotency-Key": "k2"})
    assert refusal(nobody) == (413, "body_too_large")
    assert (await gateway.post("/v1/handoffs", json=body, headers=SERVICE)).status_code == 201
