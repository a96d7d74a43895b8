"""Asks the knowledge service over HTTP."""

import json
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Dict, Iterator, List, Optional, Sequence, Text, Union
from urllib.parse import quote

import aiohttp

from actions.errors import CALL_FAILED, KnowledgeUnavailable


@dataclass(frozen=True)
class ArticleAnswer:
    """The passage that answers, and where it comes from.

    `updated` is an ISO date; `language` is `zh` or `en`, not always the one that was asked in.
    """

    id: str
    title: str
    text: str
    updated: str
    language: str


@dataclass(frozen=True)
class ArticleChoice:
    """An article that may be meant, when several may; `language` as in :class:`ArticleAnswer`."""

    id: str
    title: str
    language: str


class KnowledgeClient:
    """The knowledge service at an address."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url.rstrip('/')}/v1"

    async def answer(
        self,
        text: str,
        *,
        language: str,
        topics: Sequence[Text] = (),
        conversation_id: str,
        message_id: str,
    ) -> Union[ArticleAnswer, List[ArticleChoice], None]:
        """The answer to a question, or what may be meant by it, or None when nothing answers it.

        Args:
            text: the shopper's words.
            language: `zh` or `en`.
            topics: what the dialogue says the question is about.
            conversation_id: whose question it is, for the list of what was asked in vain.
            message_id: the message that asks; asked again, it is still one question.

        Raises:
            KnowledgeUnavailable: the service is down, slow, or answers nonsense.
        """
        question = {
            "text": text,
            "language": language,
            "topics": list(topics),
            "conversation_id": conversation_id,
            "message_id": message_id,
        }
        call = self._http.post(f"{self._url}/answers", json=question, allow_redirects=False)
        with _unusable_as_unavailable():
            found = await _told(call, HTTPStatus.UNPROCESSABLE_ENTITY)
            if found is None:
                return None
            if found.get("unsure"):
                return [_choice(each, language) for each in found["candidates"]]
            return _article(found["answer"])

    async def article(
        self, article_id: str, *, language: str, conversation_id: str
    ) -> Optional[ArticleAnswer]:
        """The beginning of an article that a conversation chose; None when there is none.

        Raises:
            KnowledgeUnavailable: the service is down, slow, or answers nonsense.
        """
        url = f"{self._url}/articles/{language}/{quote(article_id, safe='')}"
        chosen_in = {"conversation_id": conversation_id}
        with _unusable_as_unavailable():
            call = self._http.get(url, params=chosen_in, allow_redirects=False)
            found = await _told(call, HTTPStatus.NOT_FOUND)
            return None if found is None else _article(found["answer"])


@contextmanager
def _unusable_as_unavailable() -> Iterator[None]:
    try:
        yield
    except CALL_FAILED as error:
        raise KnowledgeUnavailable(str(error)) from error


async def _told(call: Any, nothing: HTTPStatus) -> Optional[Dict[Text, Any]]:
    """What the service says; None where its status says that there is nothing."""
    async with call as response:
        if response.status == nothing:
            return None
        response.raise_for_status()
        return dict(json.loads(await response.read()))


def _article(answer: Optional[Dict[Text, Any]]) -> Optional[ArticleAnswer]:
    if answer is None:
        return None
    return ArticleAnswer(
        *(answer[name] for name in ("id", "title", "text", "updated", "language")),
    )


def _choice(candidate: Dict[Text, Any], asked_in: Text) -> ArticleChoice:
    told = {"language": asked_in, **candidate}
    return ArticleChoice(told["id"], told["title"], told["language"])
