"""Votes go to the knowledge service beside everything else; whatever it does, nobody waits."""

import logging

import httpx
import pytest

from bot.conversation import knowledge as wire
from bot.conversation.knowledge import KnowledgeClient

SOURCES = [{"id": "engraving", "title": "刻字"}, {"id": "gift-wrap", "title": "包装"}]


@pytest.fixture
async def client(knowledge):
    headers = {"Authorization": "Bearer service-token"}
    async with httpx.AsyncClient(base_url=knowledge.url, headers=headers, trust_env=False) as http:
        yield KnowledgeClient(http)


async def test_a_vote_names_each_article_that_it_is_about(client, knowledge):
    client.tell_vote("c_1", SOURCES, "down")
    await client.stop()
    told = sorted(knowledge.bodies, key=lambda body: body["article"])
    assert told == [
        {"conversation_id": "c_1", "article": "engraving", "vote": "down"},
        {"conversation_id": "c_1", "article": "gift-wrap", "vote": "down"},
    ]
    assert {call.url.path for call in knowledge.calls} == {"/v1/votes"}
    assert knowledge.calls[0].headers["authorization"] == "Bearer service-token"


async def test_a_vote_on_words_without_a_source_is_told_nobody(client, knowledge):
    client.tell_vote("c_1", [], "up")
    await client.stop()
    assert knowledge.calls == []


@pytest.mark.parametrize(
    ("status", "error"), [(500, "HTTPStatusError"), (None, "RemoteProtocolError")]
)
async def test_a_vote_that_gets_lost_is_logged_without_a_word_of_it(
    client, knowledge, caplog, status, error
):
    knowledge.answer(status)
    client.tell_vote("c_1", SOURCES[:1], "down")
    await client.stop()
    (record,) = [record for record in caplog.records if record.name == wire.__name__]
    assert (record.levelno, record.getMessage()) == (
        logging.WARNING,
        f"vote_not_told error={error}",
    )


async def test_when_the_service_hangs_votes_do_not_pile_up(
    client, knowledge, caplog, monkeypatch, until
):
    monkeypatch.setattr(wire, "_MOST_UNDER_WAY", 2)
    monkeypatch.setattr(wire, "_VOTE_SECONDS", 0.3)
    knowledge.hang()
    for _ in range(3):
        client.tell_vote("c_1", SOURCES[:1], "down")
    await until(lambda: len(knowledge.calls) == 2, "the votes to be on their way")
    await client.stop()
    said = [record.getMessage() for record in caplog.records if record.name == wire.__name__]
    assert said[0] == "vote_not_told error=too_many"
    assert said[1:] == ["vote_not_told error=ReadTimeout"] * 2
