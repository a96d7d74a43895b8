"""The gateway's own wire to the knowledge service: what people thought of its answers."""

import asyncio
import logging
from typing import Any, Coroutine, Dict, List, Optional, Set

import httpx

from bot.errors import Unavailable, Unprocessable

logger = logging.getLogger(__name__)

# Votes that may be on their way at once; when the service hangs, the next ones are not told.
_MOST_UNDER_WAY = 100
_VOTE_SECONDS = 2.0
# Longer than the service itself takes to find out that it cannot keep a correction.
_CALL_SECONDS = 7.0


class KnowledgeClient:
    """The knowledge service behind a client that knows its address and our token."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._under_way: "Set[asyncio.Task[None]]" = set()

    def tell_vote(self, conversation_id: str, sources: List[Dict[str, Any]], vote: str) -> None:
        """Pass a shopper's vote on; nobody waits for it, and one that gets lost is only logged."""
        for source in sources:
            if len(self._under_way) >= _MOST_UNDER_WAY:
                logger.warning("vote_not_told error=too_many")
                return
            body = {"conversation_id": conversation_id, "article": source["id"], "vote": vote}
            task = asyncio.create_task(self._tell(body))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def correct(
        self,
        conversation_id: str,
        *,
        message_id: Optional[str],
        answered_from: Optional[str],
        question: str,
        language: str,
        article: Optional[str],
        text: Optional[str],
    ) -> None:
        """Pass an agent's correction on; it is kept when this returns.

        Raises:
            Unprocessable: there is no such article.
            Unavailable: the service is down, or cannot write.
        """
        body = {
            "conversation_id": conversation_id,
            "message_id": message_id or "",
            "answered_from": answered_from,
            "question": question,
            "language": language,
            "article": article,
            "text": text,
        }
        await self._call(self._http.post("/v1/corrections", json=body, timeout=_CALL_SECONDS))

    async def search(self, words: str, language: str) -> List[Dict[str, str]]:
        """`id` and `title` of articles for some words, the likeliest first.

        Raises:
            Unavailable: the service is down.
        """
        asked = {"q": words, "language": language}
        found = await self._call(self._http.get("/v1/search", params=asked, timeout=_CALL_SECONDS))
        return [{"id": str(a["id"]), "title": str(a["title"])} for a in found.json()["articles"]]

    async def stop(self) -> None:
        """Let votes arrive that are on their way."""
        await asyncio.gather(*self._under_way)

    async def _tell(self, body: Dict[str, str]) -> None:
        try:
            response = await self._http.post("/v1/votes", json=body, timeout=_VOTE_SECONDS)
            response.raise_for_status()
        except httpx.HTTPError as error:
            logger.warning("vote_not_told error=%s", type(error).__name__)

    async def _call(self, call: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
        try:
            response = await call
            if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
                raise Unprocessable("article_not_found", "There is no such article.")
            return response.raise_for_status()
        except httpx.HTTPError as error:
            logger.warning("knowledge_unavailable error=%s", type(error).__name__)
            raise Unavailable(
                "knowledge_unavailable",
                "The knowledge base does not answer right now. Please try again.",
                retry_after=5,
            ) from error
