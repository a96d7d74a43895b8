"""The web door: the shopper API that the chat widget and apps speak."""

from typing import Any, AsyncIterator, Dict, List, Literal, Optional

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import StrictStr, conint, constr, root_validator

from bot.address import address_of
from bot.channels.base import Door, owner_view
from bot.conversation import Conversations, Tokens
from bot.conversation import now as moment
from bot.conversation.identity import Shopper
from bot.conversation.knowledge import KnowledgeClient
from bot.conversation.language import DEFAULT
from bot.conversation.limits import Limit, LocalLimit
from bot.conversation.messages import SHOPPER, Entry
from bot.errors import NotFound, Unauthorized
from bot.event_stream import EventStream, OpenStreams, stream_event
from bot.request_body import RequestBody

MOST_WAIT = 60.0
# As far as every client counts exactly; more than any conversation has.
MOST_SEQ = 2**53


class MessageIn(RequestBody):
    """A message: a text, or the payload of a button that was shown."""

    message_id: StrictStr
    text: Optional[StrictStr]
    payload: Optional[StrictStr]
    conversation_id: Optional[StrictStr]

    class Config:
        """What the description of the API adds."""

        schema_extra = {"oneOf": [{"required": ["text"]}, {"required": ["payload"]}]}

    @root_validator
    def _one_of_both(cls, values: Dict[str, Any]) -> Dict[str, Any]:  # noqa: N805
        if (values.get("text") is None) == (values.get("payload") is None):
            raise ValueError("give either text or payload")
        return values


class FeedbackIn(RequestBody):
    """A vote on one reply, or a rating of the service."""

    reply_seq: Optional[conint(strict=True, ge=1, le=MOST_SEQ)]  # type: ignore[valid-type]
    vote: Optional[Literal["up", "down"]]
    csat: Optional[conint(strict=True, ge=1, le=5)]  # type: ignore[valid-type]
    comment: Optional[constr(strict=True, max_length=2000)]  # type: ignore[valid-type]

    class Config:
        """What the description of the API adds."""

        schema_extra = {"oneOf": [{"required": ["reply_seq", "vote"]}, {"required": ["csat"]}]}

    @root_validator
    def _one_of_both(cls, values: Dict[str, Any]) -> Dict[str, Any]:  # noqa: N805
        voted = values.get("reply_seq") is not None and values.get("vote") is not None
        if voted == (values.get("csat") is not None):
            raise ValueError("give reply_seq and vote, or csat")
        return values


def bearer(authorization: str) -> str:
    """The token of an Authorization header.

    Raises:
        Unauthorized: there is none.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("token_missing", "Send Authorization: Bearer <token>.")
    return token.strip()


def router(
    door: Door,
    tokens: Tokens,
    knowledge: KnowledgeClient,
    *,
    feedback: Limit,
    visitors: Limit,
    addresses: LocalLimit,
    streams: OpenStreams,
) -> APIRouter:
    """The shopper API's routes."""
    api = APIRouter(prefix="/v1", tags=["shopper"])
    conversations = door.conversations

    def shopper_of(authorization: str, conversation_id: Optional[str] = None) -> Shopper:
        shopper = tokens.verify(bearer(authorization))
        if conversation_id not in (None, shopper.conversation_id):
            raise NotFound("conversation_not_found", "There is no such conversation.")
        return shopper

    @api.post("/visitors")
    async def visitors_call(request: Request) -> Dict[str, str]:
        """A token for somebody who is not logged in."""
        await visitors.take(address_of(request))
        token, shopper = tokens.visitor()
        return {"token": token, "conversation_id": shopper.conversation_id}

    @api.post("/messages")
    async def post_message(
        body: MessageIn,
        request: Request,
        wait: float = Query(15.0, ge=0.0, le=MOST_WAIT),
        merge: bool = Query(True),
        authorization: str = Header(""),
    ) -> Response:
        """Say something; 202 when the answer takes longer than `wait` seconds.

        A message that is likely only the beginning of a request waits a moment for the next one;
        with `merge=false` it is answered at once.
        """
        shopper = shopper_of(authorization, body.conversation_id)
        # Repetitions count as well: each holds a connection, and may wait for a minute.
        address = address_of(request)
        addresses.take(address)
        receipt = await door.receive(
            shopper,
            body.message_id,
            text=body.text,
            payload=body.payload,
            now=moment(),
            origin=tokens.origin(address),
            wait=wait,
            merge=merge,
        )
        status = 202 if receipt.replies is None else 200
        return JSONResponse(receipt.view(shopper.conversation_id), status)

    @api.get("/messages")
    async def get_messages(
        after: int = Query(0, ge=0, le=MOST_SEQ),
        conversation_id: Optional[str] = None,
        authorization: str = Header(""),
    ) -> Dict[str, Any]:
        """What was said after a number, one's own messages included."""
        shopper = shopper_of(authorization, conversation_id)
        said = await conversations.transcript.after(shopper.conversation_id, after)
        state = await conversations.ownership.state(shopper.conversation_id)
        return {
            "conversation_id": shopper.conversation_id,
            "messages": [numbered.view() for numbered in said],
            "owner": owner_view(state.owner),
            "language": state.language or DEFAULT,
            "last_seq": said[-1].seq if said else after,
        }

    @api.get("/events")
    async def get_events(
        request: Request,
        conversation_id: Optional[str] = None,
        authorization: str = Header(""),
        last_event_id: str = Header("0"),
    ) -> EventStream:
        """Replies as they come, from the number in `Last-Event-ID` on."""
        shopper = shopper_of(authorization, conversation_id)
        stream = events(conversations, shopper.conversation_id, _number(last_event_id))
        counted = streams.counted(shopper=shopper.conversation_id, address=address_of(request))
        return EventStream(stream, counted=counted)

    @api.post("/feedback", status_code=204)
    async def post_feedback(body: FeedbackIn, authorization: str = Header("")) -> Response:
        """Keep a vote or a rating with the conversation.

        The knowledge base hears of a vote on its answer afterwards, if it is there to hear it.
        """
        shopper = shopper_of(authorization)
        await feedback.take(shopper.conversation_id)
        sources: List[Dict[str, Any]] = []
        if body.reply_seq is not None:
            sources = (await _own_reply(conversations, shopper, body.reply_seq)).sources
        given = {**body.dict(exclude_none=True), "at": moment()}
        await conversations.feedback.keep(shopper.conversation_id, given)
        if body.vote is not None:
            knowledge.tell_vote(shopper.conversation_id, sources, body.vote)
        return Response(status_code=204)

    return api


def _number(event_id: str) -> int:
    """The number in a `Last-Event-ID`; from the beginning when it is none of ours."""
    return int(event_id) if event_id.isdecimal() and len(event_id) < 16 else 0


async def _own_reply(conversations: Conversations, shopper: Shopper, seq: int) -> Entry:
    found = await conversations.transcript.after(shopper.conversation_id, seq - 1, until=seq)
    if not found or found[0].entry.sender == SHOPPER:
        raise NotFound("reply_not_found", "There is no such reply.")
    return found[0].entry


async def events(
    conversations: Conversations, conversation_id: str, last: int
) -> AsyncIterator[Dict[str, Any]]:
    """Server-sent events: first what was missed, then what comes, each entry once and in order."""
    async with conversations.hub.subscribe(conversation_id) as queue:
        state = await conversations.ownership.state(conversation_id)
        yield stream_event("owner", {"owner": owner_view(state.owner), "agent": state.agent})
        while True:
            for numbered in await conversations.transcript.after(conversation_id, last):
                last = numbered.seq
                kind = "message" if numbered.entry.sender == SHOPPER else "reply"
                yield stream_event(kind, numbered.view(), str(last))
            event = await queue.get()
            while event["kind"] not in ("entry", "done", "resync"):
                yield _live(event)
                event = await queue.get()


def _live(event: Dict[str, Any]) -> Dict[str, Any]:
    data = {name: value for name, value in event.items() if name not in ("conversation_id", "kind")}
    if event["kind"] == "owner" and data["owner"] == "closed":
        data["owner"] = "bot"
    return stream_event(event["kind"], data)
