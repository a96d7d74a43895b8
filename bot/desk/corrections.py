"""Agents say what the assistant should have answered: the right article, or words for one."""

from typing import Any, Dict, List, Literal, Optional

from fastapi import APIRouter, Cookie, Query, Response
from pydantic import conint, constr, root_validator

from bot.conversation import Conversations
from bot.conversation.knowledge import KnowledgeClient
from bot.conversation.messages import BOT, SHOPPER, Entry
from bot.desk.agents import COOKIE, AgentBook
from bot.desk.tickets import TicketStore
from bot.errors import NotFound
from bot.request_body import RequestBody

_MOST_SEQ = 2**53
# Messages that one turn may answer together, and what was said between them and the reply.
_LOOKED_BACK = 60


class CorrectionIn(RequestBody):
    """The reply that is wrong, and an article's id or the right words."""

    reply_seq: conint(strict=True, ge=1, le=_MOST_SEQ)  # type: ignore[valid-type]
    article: Optional[constr(strict=True, min_length=1, max_length=200)]  # type: ignore[valid-type]
    text: Optional[constr(strict=True, strip_whitespace=True, min_length=1, max_length=4000)]  # type: ignore[valid-type]

    class Config:
        """What the description of the API adds."""

        schema_extra = {"oneOf": [{"required": ["article"]}, {"required": ["text"]}]}

    @root_validator(skip_on_failure=True)
    def _one_of_both(cls, values: Dict[str, Any]) -> Dict[str, Any]:  # noqa: N805
        if (values.get("article") is None) == (values.get("text") is None):
            raise ValueError("give either article or text")
        return values


def router(
    agents: AgentBook,
    tickets: TicketStore,
    conversations: Conversations,
    knowledge: KnowledgeClient,
) -> APIRouter:
    """The routes; for signed-in agents alone, like all of the console's."""
    api = APIRouter(prefix="/v1/desk", tags=["desk"])

    @api.get("/articles")
    async def articles(
        q: str = Query(..., min_length=1, max_length=200),
        language: Literal["zh", "en"] = "zh",
        token: str = Cookie("", alias=COOKIE),
    ) -> Dict[str, List[Dict[str, str]]]:
        """Articles for some words, to choose the right one from."""
        await agents.require(token)
        return {"articles": await knowledge.search(q, language)}

    @api.post("/tickets/{ticket_id}/corrections", status_code=204)
    async def corrections(
        ticket_id: str, body: CorrectionIn, token: str = Cookie("", alias=COOKIE)
    ) -> Response:
        """Keep what would have been right; the shopper sees nothing of it."""
        await agents.require(token)
        ticket = await tickets.get(ticket_id)
        if ticket is None:
            raise NotFound("ticket_not_found", "There is no such ticket.")
        reply, question = await _reply(conversations, ticket.conversation_id, body.reply_seq)
        await knowledge.correct(
            ticket.conversation_id,
            message_id=reply.message_id,
            answered_from=str(reply.sources[0]["id"]) if reply.sources else None,
            question=question,
            language=reply.language.split("-")[0],
            article=body.article,
            text=body.text,
        )
        return Response(status_code=204)

    return api


async def _reply(
    conversations: Conversations, conversation_id: str, seq: int
) -> "tuple[Entry, str]":
    """The assistant's reply of that number, and what it was said to.

    Raises:
        NotFound: nothing of that number was answered from an article, or left unanswered.
    """
    first = max(0, seq - _LOOKED_BACK)
    said = await conversations.transcript.after(conversation_id, first, until=seq)
    if not said or said[-1].seq != seq or not _is_knowledge(said[-1].entry):
        raise NotFound("reply_not_found", "There is no such reply.")
    reply = said[-1].entry
    asked = [each.entry for each in said if each.entry.sender == SHOPPER]
    words = [entry.text for entry in asked if entry.message_id == reply.message_id]
    return reply, words[-1] if words else ""


def _is_knowledge(entry: Entry) -> bool:
    return entry.sender == BOT and bool(entry.sources or entry.unanswered)
