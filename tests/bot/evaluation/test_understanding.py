"""Messages are understood as the running assistant understands them."""

import json
from typing import Any

import pytest

from bot.assistant.processor import TurnProcessor
from bot.evaluation.understanding import Understanding
from bot.nlu.decision import decided

MESSAGES = [
    "我的快递到哪了",
    "我要退貨 XE20260002",
    "I want my money back for XE20260005",
    "/restart",
    "／human_agent{}",
    "你们老板几岁",
    "👍",
    "",
    " \u200b ",
]


class Listening(TurnProcessor):
    """A processor that is only asked what it understands; nothing is looked up or stored."""

    def __init__(self, loaded: Any) -> None:
        super().__init__(loaded, loaded.tracker_store)


@pytest.mark.parametrize("text", MESSAGES)
async def test_the_decision_is_the_one_of_the_running_assistant(
    understanding: Understanding, processor: Listening, text: str
) -> None:
    from bot.assistant.channel import _turn
    from bot.conversation.language import detect

    trusted = {"language": detect(text), "text": text}
    body = {"conversation_id": "c", "dialogue": 0, "message_id": "m", "fence": 1}
    message = _turn({**body, "text": text, "payload": None, "trusted": trusted}).message
    running = message.parse_data or await processor.parse_message(message)
    parsed = understanding.parse(text)
    assert decided(parsed) == decided(json.loads(json.dumps(running)))
    assert parsed["entities"] == running["entities"]


@pytest.fixture(scope="module")
def processor() -> Listening:
    """On the same model."""
    from rasa.core.agent import Agent

    from bot.training import ROOT, model_path

    return Listening(Agent.load(str(ROOT / model_path())).processor)


@pytest.mark.parametrize("text", ["", "  ", "。。。", "😡😡", "/", "\u202e"])
def test_a_text_without_words_is_out_of_scope(understanding: Understanding, text: str) -> None:
    assert decided(understanding.parse(text)) == ("out_of_scope", 1.0)


def test_the_intents_are_those_of_the_domain(understanding: Understanding) -> None:
    assert {"track_order", "out_of_scope", "chitchat"} <= understanding.intents
    assert isinstance(understanding.threshold, float)
