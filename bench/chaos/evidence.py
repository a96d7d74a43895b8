"""What the verifier judges by, read from each system when everything has settled."""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any, Dict, Iterable, List, Tuple

import aiohttp
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bench.chaos.desk import Handled
from bench.chaos.talk import Conversations
from bench.chaos.verdict import BOT, SHOPPER, Record, Return, Said, Service
from bench.doors import GatewayDoor
from bench.installation import Installation
from bot.conversation.transcript import Transcript
from bot.storage import keys
from bot.storage.connection import connect
from shop.sql import tables as t
from shop.sql.engine import reading

_ASKED = "asked_for_person"
_PAGE = 500


class Disagreement(Exception):
    """The shopper is shown something else than what is stored."""


async def of_ours(
    target: Installation,
    http: aiohttp.ClientSession,
    door: GatewayDoor,
    conversations: Conversations,
    handled: Dict[str, Handled],
) -> Tuple[List[Record], List[Dict[str, Any]]]:
    """One record a conversation, and all tickets.

    The transcript is the one that the shopper gets; which message a reply answers is in Redis.

    Raises:
        Disagreement: the two are not the same.
    """
    redis: Any = connect(target.redis_url)
    try:
        tickets = await _tickets(redis)
        returns = returns_by_order(target.engine())
        transcript = Transcript(redis)
        records = []
        for shopper, messages in conversations.items():
            conversation_id = target.conversation_id(shopper)
            own = [row for row in tickets if row["conversation_id"] == conversation_id]
            said = await _said(http, f"{target.url}/v1/messages", door.headers(shopper))
            stored = await _stored(transcript, conversation_id)
            shown = [(row["seq"], row["from"], row["text"]) for row in said]
            if shown != [(n.seq, n.entry.sender, n.entry.text) for n in stored]:
                raise Disagreement(conversation_id)
            answers = {numbered.seq: numbered.entry.message_id for numbered in stored}
            records.append(
                Record(
                    shopper.customer_id,
                    sent=[message.sent() for message in messages if message.sent_at],
                    said=[_entry(row, answers[row["seq"]]) for row in said],
                    services=[_service(row, handled, said) for row in own],
                    returns=returns.get(shopper.delivered, []),
                    agent_said=[
                        text for row in own for text in handled.get(row["ticket"], Handled()).said
                    ],
                )
            )
        return records, tickets
    finally:
        await redis.close()


async def of_plain_rasa(
    redis_url: str, engine: Engine, conversations: Conversations
) -> List[Record]:
    """One record a conversation, from Rasa's own tracker store."""
    redis: Any = connect(redis_url)
    try:
        returns = returns_by_order(engine)
        records = []
        for shopper, messages in conversations.items():
            stored = await redis.get(f"tracker:{shopper.customer_id}")
            events = json.loads(stored)["events"] if stored else []
            records.append(
                Record(
                    shopper.customer_id,
                    sent=[message.sent() for message in messages if message.sent_at],
                    said=said_to_rasa(events),
                    returns=returns.get(shopper.delivered, []),
                )
            )
        return records
    finally:
        await redis.close()


def said_to_rasa(events: Iterable[Dict[str, Any]]) -> List[Said]:
    """A tracker's events as a transcript: the assistant's words answer the message before them."""
    said: List[Said] = []
    message_id = None
    for seq, event in enumerate(events, start=1):
        if event["event"] == "user":
            message_id = (event.get("metadata") or {}).get("message_id")
        if event["event"] in ("user", "bot"):
            sender = SHOPPER if event["event"] == "user" else BOT
            text = event.get("text") or ""
            said.append(Said(seq, sender, text, float(event["timestamp"]), message_id))
    return said


def returns_by_order(engine: Engine) -> Dict[str, List[Return]]:
    """The shop's whole book of returns."""
    found: Dict[str, List[Return]] = defaultdict(list)
    columns = (t.returns.c.rma_number, t.returns.c.order_number, t.settlements.c.idempotency_key)
    book = t.returns.join(t.settlements, t.settlements.c.number == t.returns.c.rma_number)
    with reading(engine) as connection:
        for rma_number, order_number, key in connection.execute(select(*columns).select_from(book)):
            found[order_number].append(Return(rma_number, order_number, key))
    return found


async def _tickets(redis: Any) -> List[Dict[str, Any]]:
    names = [name async for name in redis.scan_iter(match=keys.ticket("*"), count=1000)]
    return [json.loads(stored) for stored in await redis.mget(names)] if names else []


async def _said(
    http: aiohttp.ClientSession, url: str, headers: Dict[str, str]
) -> List[Dict[str, Any]]:
    said: List[Dict[str, Any]] = []
    while True:
        after = said[-1]["seq"] if said else 0
        async with http.get(url, params={"after": str(after)}, headers=headers) as response:
            response.raise_for_status()
            page = (await response.json())["messages"]
        if not page:
            return said
        said += page


async def _stored(transcript: Transcript, conversation_id: str) -> List[Any]:
    stored: List[Any] = []
    while True:
        after = stored[-1].seq if stored else 0
        page = await transcript.after(conversation_id, after, most=_PAGE)
        if not page:
            return stored
        stored += page


def _entry(row: Dict[str, Any], message_id: Any) -> Said:
    card = row["card"] or {}
    returned = card.get("rma") if card.get("type") == "return" else None
    at = datetime.fromisoformat(row["at"]).timestamp()
    return Said(row["seq"], row["from"], row["text"], at, message_id, returned)


def _service(
    ticket: Dict[str, Any], handled: Dict[str, Handled], said: List[Dict[str, Any]]
) -> Service:
    done = handled.get(ticket["ticket"], Handled())
    # The queue is announced with the ticket's number, in either language.
    announced = [
        row["seq"] for row in said if row["from"] == "system" and ticket["ticket"] in row["text"]
    ]
    return Service(
        asked_for=ticket["reason"] == _ASKED,
        opened_at=float(ticket["opened_at"]),
        announced_seq=announced[0] if announced else None,
        taken_at=done.taken_at,
        returning_at=done.returning_at,
        returned_at=done.returned_at,
    )
