"""The language in which wording is chosen."""

from typing import Any, Dict, List

import pytest
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.language_entity import LanguageEntity


def languages(data: Dict[str, Any]) -> List[str]:
    nothing: Any = None
    (message,) = LanguageEntity.create({}, nothing, nothing, nothing).process([Message(data=data)])
    return [e["value"] for e in message.get(ENTITIES) if e["entity"] == "language"]


@pytest.mark.parametrize(
    ("decided", "text", "language"),
    [
        ("zh-Hans", "ok", "zh"),
        ("zh-Hant", "refund", "zh"),
        ("en", "Tsingtao 啤酒", "en"),
        ("en", "XE20260001", "en"),
        ("zh-Hans", "XE20260001", "zh"),
    ],
)
def test_the_door_decides(decided: str, text: str, language: str) -> None:
    assert languages({TEXT: text, "metadata": {"language": decided}}) == [language]


@pytest.mark.parametrize("metadata", [None, {}, {"language": None}, {"language": ""}])
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我的订单呢", "zh"),
        ("我的訂單呢", "zh"),
        ("hi 在吗", "zh"),
        ("where is my order", "en"),
        ("1001", "en"),
        ("", "en"),
    ],
)
def test_without_a_decision_the_script_decides(metadata: Any, text: str, language: str) -> None:
    assert languages({TEXT: text, "metadata": metadata}) == [language]


def test_what_others_found_is_kept() -> None:
    nothing: Any = None
    found = {"entity": "phone_last4", "value": "1001"}
    message = Message(data={TEXT: "1001", ENTITIES: [found]})
    (message,) = LanguageEntity.create({}, nothing, nothing, nothing).process([message])
    assert found in message.get(ENTITIES) and len(message.get(ENTITIES)) == 2
