"""Agents correct the assistant's answers; the knowledge service hears of it, and nobody else."""

import pytest

from bot.conversation.messages import SHOPPER
from bot.desk.agents import AgentBook

SOURCE = {"id": "engraving", "title": "刻字", "updated": "2026-11-01"}


@pytest.fixture
async def signed_in(redis, gateway, quick_hash):
    password = await AgentBook(redis).add("mei", ["zh"])
    body = {"name": "mei", "password": password}
    assert (await gateway.post("/v1/desk/session", json=body)).status_code == 200
    return gateway


@pytest.fixture
def spoken(conversations, write, make_shopper, make_entry, opened):
    """A shopper who was answered, and waits for a person; the ticket and the answer's number."""

    async def speak(text="能刻字吗", language="zh-Hans", **reply):
        shopper = make_shopper()
        await write("m1", text, by=shopper)
        claim = await conversations.mailbox.claim(shopper.conversation_id)
        said = make_entry("这个我不清楚", message_id="m1", language=language, **reply)
        await conversations.mailbox.complete(
            claim, owner_version=0, language=language, replies=[said]
        )
        ticket = await opened(shopper.conversation_id)
        return f"/v1/desk/tickets/{ticket.ticket}/corrections", 2

    return speak


async def test_articles_are_searched_in_the_knowledge_service(signed_in, knowledge):
    knowledge.answer(200, {"articles": [{"id": "engraving", "title": "刻字", "more": 1}]})
    asked = {"q": "刻字 & 包装", "language": "zh"}
    found = await signed_in.get("/v1/desk/articles", params=asked)
    assert found.json() == {"articles": [{"id": "engraving", "title": "刻字"}]}
    (call,) = knowledge.calls
    assert (call.method, call.url.path, dict(call.url.params)) == ("GET", "/v1/search", asked)


@pytest.mark.parametrize(
    ("language", "reply", "right"),
    [
        ("zh-Hans", {"sources": [SOURCE]}, {"article": "gift-wrap"}),
        ("zh-Hant", {"unanswered": True}, {"text": "可以刻，每件加10元。"}),
        ("en", {"unanswered": True}, {"text": " Yes, for 10 yuan. "}),
    ],
)
async def test_a_correction_says_which_question_and_what_would_be_right(
    signed_in, spoken, knowledge, language, reply, right
):
    path, seq = await spoken(language=language, **reply)
    knowledge.answer(204)
    assert (await signed_in.post(path, json={"reply_seq": seq, **right})).status_code == 204
    (body,) = knowledge.bodies
    assert body.pop("conversation_id").startswith("c_")
    assert body == {
        "message_id": "m1",
        "answered_from": "engraving" if "sources" in reply else None,
        "question": "能刻字吗",
        "language": language.split("-")[0],
        "article": right.get("article"),
        "text": right.get("text", "").strip() or None,
    }


async def test_only_what_the_knowledge_base_said_or_did_not_know_is_corrected(
    signed_in, spoken, knowledge, conversations, opened, make_entry
):
    path, seq = await spoken()
    for wrong in (seq, 1, seq + 1, 99):
        response = await signed_in.post(path, json={"reply_seq": wrong, "text": "x"})
        assert response.json()["error"]["code"] == "reply_not_found", wrong
    other = await signed_in.post(
        "/v1/desk/tickets/T-0/corrections", json={"reply_seq": 1, "text": "x"}
    )
    assert other.json()["error"]["code"] == "ticket_not_found"
    assert knowledge.calls == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reply_seq": 2},
        {"reply_seq": 2, "text": "  "},
        {"reply_seq": 2, "text": "x" * 4001},
        {"reply_seq": 2, "article": ""},
        {"reply_seq": 2, "article": "x", "text": "y"},
        {"reply_seq": 0, "text": "x"},
        {"reply_seq": "2", "text": "x"},
    ],
)
async def test_a_correction_of_another_shape_is_refused(signed_in, spoken, body):
    path, _ = await spoken(unanswered=True)
    assert (await signed_in.post(path, json=body)).status_code == 400


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (422, (422, "article_not_found")),
        (503, (503, "knowledge_unavailable")),
        (500, (503, "knowledge_unavailable")),
        (None, (503, "knowledge_unavailable")),
    ],
)
async def test_what_the_knowledge_service_cannot_keep_is_not_taken_for_kept(
    signed_in, spoken, knowledge, status, told
):
    path, seq = await spoken(unanswered=True)
    knowledge.answer(status)
    response = await signed_in.post(path, json={"reply_seq": seq, "article": "x"})
    assert (response.status_code, response.json()["error"]["code"]) == told
    assert status == 422 or response.headers["Retry-After"]


async def test_an_i_do_not_know_is_marked_for_the_desk_alone_with_a_ticket(
    signed_in, spoken, texts
):
    path, seq = await spoken(unanswered=True)
    whole = (await signed_in.get(path.rpartition("/")[0])).json()
    marked = [entry["seq"] for entry in whole["transcript"] if entry.get("unanswered")]
    assert marked == [seq]
    assert whole["transcript"][0]["from"] == SHOPPER
