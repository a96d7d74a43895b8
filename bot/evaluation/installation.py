"""A running installation, for whoever replays dialogues at it.

Messages go through its API like everybody's. What became of them is read where it is kept: orders
in the shop's database, tickets and what was understood in Redis.
"""

import asyncio
import contextlib
import json
import uuid
from dataclasses import dataclass
from typing import Any, AsyncIterator, Dict, List, Optional, Set

import httpx
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from bot.conversation.owner import Owner, Ownership
from bot.desk.tickets import OPEN, TicketState, TicketStore, changed
from bot.evaluation.errors import Refused
from bot.nlu.decision import decided
from bot.settings import Settings
from bot.storage import keys
from bot.storage.connection import connect
from bot.supervisor import run_file
from bot.tokens import tokens_of
from shop import ShopUnavailable
from shop.sql import tables
from shop.sql.engine import open_engine, reading

_WAIT = 30.0
_TRIES = 5
_TOKEN_SECONDS = 3600


@dataclass(frozen=True)
class Shopper:
    """Whose conversation it is; a customer's is the same each time."""

    token: str
    conversation_id: str
    customer_id: Optional[str] = None


class Installation:
    """Its API at `url`, its Redis and its shop."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient, redis: Any) -> None:
        self._http = http
        self._redis = redis
        self._shop: Engine = open_engine(settings.shop_database)
        self._tokens = tokens_of(settings)
        self._tickets = TicketStore(redis)
        self._ownership = Ownership(redis)

    @classmethod
    @contextlib.asynccontextmanager
    async def reached(cls, settings: Settings, url: str) -> AsyncIterator["Installation"]:
        """The one that runs on the settings' DATA_DIR, or at `url` with the same settings.

        Raises:
            Refused: there is none, or it is somebody else's.
        """
        told = run_file.running(settings.data_dir) or {}
        address, redis_url = url or told.get("address"), settings.redis_url or told.get("redis_url")
        if not address or not redis_url:
            raise Refused(
                f"nothing runs in {settings.data_dir} (DATA_DIR); start it with `make run`, "
                "or give --url and REDIS_URL"
            )
        redis: Any = connect(redis_url)
        try:
            async with httpx.AsyncClient(
                base_url=address, timeout=_WAIT + 10, trust_env=False
            ) as http:
                yield cls(settings, http, redis)
        except RedisError as error:
            raise Refused(f"Redis does not answer: {type(error).__name__}") from error
        except ShopUnavailable as error:
            raise Refused("the shop's database does not answer") from error
        finally:
            await redis.close()

    async def shopper(self, customer: Optional[str]) -> Shopper:
        """A customer with a dialogue that begins anew, or a new visitor.

        A person who still has the customer's conversation gives it back.
        """
        if customer is None:
            answer = await self._sent("/v1/visitors", {}, {})
            content = answer.json()
            return Shopper(content["token"], content["conversation_id"])
        try:
            token = self._tokens.customer(customer, seconds=_TOKEN_SECONDS)
        except ValueError as error:
            raise Refused(str(error)) from error
        conversation_id = self._tokens.shopper(customer_id=customer).conversation_id
        for ticket in await self._tickets.all_of(conversation_id):
            if ticket.state in OPEN:
                closed = changed(ticket, TicketState.CLOSED, assigned_to=ticket.assigned_to)
                await self._tickets.save(closed)
        if not await self._ownership.transfer(conversation_id, Owner.BOT):
            await self._ownership.begin_dialogue(conversation_id)
        return Shopper(token, conversation_id, customer)

    async def say(self, shopper: Shopper, **message: str) -> "tuple[str, httpx.Response]":
        """Send a `text` or `payload`; returns its message id and the last answer to it.

        Raises:
            Refused: the shopper's token is not taken: these are not the installation's secrets.
        """
        message_id = uuid.uuid4().hex
        answer = await self._sent(
            "/v1/messages",
            {"message_id": message_id, **message},
            {"Authorization": f"Bearer {shopper.token}"},
            wait=f"{_WAIT:g}",
            merge="false",
        )
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise Refused("our token is not taken; is DATA_DIR that of the running system?")
        return message_id, answer

    async def _sent(
        self, path: str, body: Dict[str, Any], headers: Dict[str, str], **query: str
    ) -> httpx.Response:
        """Sent again when it is to come later or was lost on the way; an id acts only once."""
        for tries in range(1, _TRIES + 1):
            try:
                answer = await self._http.post(path, params=query, json=body, headers=headers)
            except httpx.TransportError as error:
                if tries == _TRIES:
                    raise Refused(f"nobody answers at {self._http.base_url}") from error
                await asyncio.sleep(0.2 * tries)
                continue
            if answer.status_code not in (429, 503):
                break
            await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))
        return answer

    async def intent(self, shopper: Shopper, message_id: str) -> Optional[str]:
        """What was understood of a message; None when the assistant did not get to see it."""
        state = await self._ownership.state(shopper.conversation_id)
        key = keys.tracker(shopper.conversation_id, state.dialogue)
        row = await self._redis.lindex(key, -1)
        if row is None:
            return None
        for event in json.loads(row.partition("|")[2])["events"]:
            if event["event"] == "user" and event["message_id"] == message_id:
                return decided(event["parse_data"])[0]
        return None

    async def open_tickets(self, shopper: Shopper) -> int:
        """How many tickets of the conversation are not finished."""
        tickets = await self._tickets.all_of(shopper.conversation_id)
        return sum(ticket.state in OPEN for ticket in tickets)

    async def owner(self, shopper: Shopper) -> str:
        """Who speaks in the conversation: bot, queued, human or closed."""
        return (await self._ownership.state(shopper.conversation_id)).owner.value

    def returns(self, order: str) -> int:
        """How many returns were opened for an order."""
        rows = select(func.count()).where(tables.returns.c.order_number == order)
        return int(self._value(rows) or 0)

    def order_status(self, order: str) -> Optional[str]:
        """An order's status; None when there is no such order."""
        found = self._value(select(tables.orders.c.status).where(tables.orders.c.number == order))
        return None if found is None else str(found)

    def refund_state(self, order: str) -> Optional[str]:
        """How far an order's newest refund is; None when there is none."""
        refunds = tables.refunds.c
        rows = select(refunds.state).where(refunds.order_number == order)
        found = self._value(rows.order_by(refunds.opened_at.desc()).limit(1))
        return None if found is None else str(found)

    def rows(self, name: str, shopper: Shopper, orders: Set[str]) -> List[Dict[str, Any]]:
        """The rows of one of the shop's tables about a customer, or about these orders.

        Raises:
            Refused: the shop has no such table.
        """
        table = tables.metadata.tables.get(name)
        if table is None:
            raise Refused(f"the shop has no table {name!r}")
        own = select(tables.orders.c.number).where(
            tables.orders.c.customer_id == shopper.customer_id
        )
        number = table.c.get("order_number", table.c.get("number"))
        condition = number.in_(own) | number.in_(sorted(orders))
        if "customer_id" in table.c:
            condition = condition | (table.c.customer_id == shopper.customer_id)
        with reading(self._shop) as connection:
            found = connection.execute(select(table).where(condition))
            return [dict(row) for row in found.mappings()]

    def _value(self, statement: Any) -> Any:
        with reading(self._shop) as connection:
            return connection.execute(statement).scalar()
