"""Asks the knowledge service over HTTP."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Optional

import aiohttp

from actions.errors import CALL_FAILED, KnowledgeUnavailable


@dataclass(frozen=True)
class ArticleAnswer:
    """The passage that answers, and where it comes from. `updated` is an ISO date."""

    id: str
    title: str
    text: str
    updated: str


class KnowledgeClient:
    """The knowledge service at an address."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url.rstrip('/')}/v1/answers"

    async def answer(self, text: str, *, language: str) -> Optional[ArticleAnswer]:
        """The answer to a question, or None when no article answers it.

        Args:
            text: the shopper's words.
            language: `zh` or `en`.

        Raises:
            KnowledgeUnavailable: the service is down, slow, or answers nonsense.
        """
        question = {"text": text, "language": language}
        try:
            async with self._http.post(self._url, json=question, allow_redirects=False) as response:
                if response.status == HTTPStatus.UNPROCESSABLE_ENTITY:
                    return None
                response.raise_for_status()
                answer = json.loads(await response.read())["answer"]
            if answer is None:
                return None
            return ArticleAnswer(answer["id"], answer["title"], answer["text"], answer["updated"])
        except CALL_FAILED as error:
            raise KnowledgeUnavailable(str(error)) from error
