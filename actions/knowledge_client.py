"""Asks the knowledge service over HTTP."""

from dataclasses import dataclass
from typing import Optional

import httpx

from actions.errors import KnowledgeUnavailable


@dataclass(frozen=True)
class ArticleAnswer:
    """The passage that answers, and where it comes from. `updated` is an ISO date."""

    id: str
    title: str
    text: str
    updated: str


class KnowledgeClient:
    """One connection pool to the knowledge service."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def answer(self, text: str, *, language: str) -> Optional[ArticleAnswer]:
        """The answer to a question, or None when no article answers it.

        Args:
            text: the shopper's words.
            language: `zh` or `en`.

        Raises:
            KnowledgeUnavailable: the service is down, slow, or answers nonsense.
        """
        try:
            response = await self._http.post(
                "/v1/answers", json={"text": text, "language": language}
            )
            if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
                return None
            response.raise_for_status()
            answer = response.json()["answer"]
            if answer is None:
                return None
            return ArticleAnswer(answer["id"], answer["title"], answer["text"], answer["updated"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise KnowledgeUnavailable(str(error)) from error
