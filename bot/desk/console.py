"""The console's API: sign in, see the queue, take, answer, give back, close."""

import time
from typing import Any, AsyncIterator, Dict

from fastapi import APIRouter, Cookie, Request, Response
from pydantic import constr

from bot.address import address_of
from bot.conversation import Conversations
from bot.conversation.limits import Limit
from bot.conversation.messages import Numbered
from bot.desk.agents import COOKIE, AgentBook
from bot.desk.desk import Desk
from bot.desk.tickets import Ticket
from bot.errors import NotFound, Unauthorized
from bot.event_stream import EventStream, stream_event
from bot.request_body import RequestBody
from bot.storage import keys


class SignIn(RequestBody):
    """An agent's name and password."""

    name: constr(strict=True, max_length=64)  # type: ignore[valid-type]
    password: constr(strict=True, max_length=200)  # type: ignore[valid-type]


class AgentMessage(RequestBody):
    """What an agent says; the id makes a repetition harmless."""

    message_id: constr(strict=True, min_length=1, max_length=128)  # type: ignore[valid-type]
    text: constr(strict=True, min_length=1, max_length=4000)  # type: ignore[valid-type]


def router(
    desk: Desk, agents: AgentBook, conversations: Conversations, *, sign_ins: Limit
) -> APIRouter:
    """The console's routes; a SameSite=Strict cookie and JSON bodies leave no cross-site calls."""
    api = APIRouter(prefix="/v1/desk", tags=["desk"])

    async def view(ticket: Ticket) -> Dict[str, Any]:
        return ticket.view(position=await desk.tickets.position(ticket), now=time.time())

    @api.post("/session")
    async def sign_in(body: SignIn, request: Request, response: Response) -> Dict[str, Any]:
        """Sign in; the session is a cookie for a working day."""
        await sign_ins.take(address_of(request))
        found = await agents.sign_in(body.name, body.password)
        if found is None:
            raise Unauthorized("sign_in_failed", "Name or password is wrong.")
        token, agent = found
        response.set_cookie(
            COOKIE,
            token,
            max_age=keys.AGENT_SESSION_SECONDS,
            path="/v1/desk",
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return {"agent": {"name": agent.name, "skills": agent.skills}}

    @api.get("/session")
    async def session(token: str = Cookie("", alias=COOKIE)) -> Dict[str, Any]:
        """Who is signed in."""
        agent = await agents.require(token)
        return {"agent": {"name": agent.name, "skills": agent.skills}}

    @api.delete("/session", status_code=204)
    async def sign_out(token: str = Cookie("", alias=COOKIE)) -> Response:
        """Sign out."""
        await agents.sign_out(token)
        response = Response(status_code=204)
        response.delete_cookie(COOKIE, path="/v1/desk")
        return response

    @api.get("/tickets")
    async def tickets(token: str = Cookie("", alias=COOKIE)) -> Dict[str, Any]:
        """Open tickets: waiting ones first."""
        await agents.require(token)
        return {"tickets": [await view(ticket) for ticket in await desk.tickets.all_open()]}

    @api.get("/tickets/{ticket_id}")
    async def ticket_call(ticket_id: str, token: str = Cookie("", alias=COOKIE)) -> Dict[str, Any]:
        """A ticket with its whole conversation."""
        await agents.require(token)
        ticket = await desk.tickets.get(ticket_id)
        if ticket is None:
            raise NotFound("ticket_not_found", "There is no such ticket.")
        said = await conversations.transcript.last(ticket.conversation_id, 1000)
        return {**await view(ticket), "transcript": [numbered.view() for numbered in said]}

    @api.post("/tickets/{ticket_id}/take")
    async def take(ticket_id: str, token: str = Cookie("", alias=COOKIE)) -> Dict[str, Any]:
        """Take a waiting conversation."""
        return await view(await desk.take(ticket_id, await agents.require(token)))

    @api.post("/tickets/{ticket_id}/messages", status_code=201)
    async def say(
        ticket_id: str, body: AgentMessage, token: str = Cookie("", alias=COOKIE)
    ) -> Dict[str, int]:
        """Answer the shopper."""
        agent = await agents.require(token)
        return {"seq": await desk.say(ticket_id, agent, body.text, body.message_id)}

    @api.post("/tickets/{ticket_id}/typing", status_code=204)
    async def typing(ticket_id: str, token: str = Cookie("", alias=COOKIE)) -> Response:
        """Show the shopper that the agent is writing; worth nothing later, never stored."""
        agent = await agents.require(token)
        ticket = await desk.tickets.get(ticket_id)
        if ticket is not None and ticket.assigned_to == agent.name:
            await conversations.hub.publish(ticket.conversation_id, "typing", **{"from": "agent"})
        return Response(status_code=204)

    @api.post("/tickets/{ticket_id}/return")
    async def give_back(ticket_id: str, token: str = Cookie("", alias=COOKIE)) -> Dict[str, Any]:
        """Give the conversation back to the assistant."""
        return await view(await desk.give_back(ticket_id, await agents.require(token)))

    @api.post("/tickets/{ticket_id}/close")
    async def close(ticket_id: str, token: str = Cookie("", alias=COOKIE)) -> Dict[str, Any]:
        """End the service."""
        return await view(await desk.close(ticket_id, await agents.require(token)))

    @api.get("/events")
    async def events(token: str = Cookie("", alias=COOKIE)) -> EventStream:
        """What changes at the desk: tickets, and messages of conversations that have one open."""
        await agents.require(token)
        return EventStream(live(desk, conversations))

    return api


async def live(desk: Desk, conversations: Conversations) -> AsyncIterator[Dict[str, Any]]:
    """Server-sent events for the console."""
    async with conversations.hub.subscribe(None) as queue:
        yield {"event": "ready", "data": "{}"}
        while True:
            event = await queue.get()
            if event["kind"] == "resync":
                yield stream_event("resync", {})
            elif event["kind"] == "ticket":
                yield stream_event("tickets", {"ticket": event["ticket"], "state": event["state"]})
            elif event["kind"] == "entry":
                ticket = await desk.tickets.of_conversation(event["conversation_id"])
                if ticket is None:
                    continue
                seq, conversation_id = event["seq"], ticket.conversation_id
                for numbered in await conversations.transcript.after(
                    conversation_id, seq - 1, until=seq
                ):
                    yield stream_event("message", _message(ticket, numbered))


def _message(ticket: Ticket, numbered: Numbered) -> Dict[str, Any]:
    return {
        "ticket": ticket.ticket,
        "conversation_id": ticket.conversation_id,
        "message": numbered.view(),
    }
