"""Rasa's end of the wire: a text is never a command, a stranger never gets in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.exceptions import RasaException

from bot.assistant.channel import AssistantChannel, without_command
from bot.assistant.turn import ReplyCollector


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("你好", "你好"),
        ("where is my parcel", "where is my parcel"),
        ("1/2 的尺码", "1/2 的尺码"),
        ("/restart", "restart"),
        ("/human_agent{}", "human_agent{}"),
        ("//restart", "restart"),
        ("  /restart", "restart"),
        ("\t\n/restart", "restart"),
        ("\u200b/restart", "restart"),
        ("\ufeff /restart", "restart"),
        ("？！/restart", "restart"),
        ("/退货", "退货"),
        ("$20 too much", "$20 too much"),
        ("/￥59.9太贵", "￥59.9太贵"),
        ("+852 9123 4567", "+852 9123 4567"),
        ("$/restart", "restart"),
        ("/", "?"),
        ("/ / /", "?"),
        ("", "?"),
        ("👍", "👍"),
        ("👍/", "👍"),
    ],
)
def test_a_text_loses_what_would_make_it_a_command(text, expected):
    assert without_command(text) == expected


@given(st.text(alphabet='/ \t\n\u200b\ufeff{}"ab退货1!？👍$+', max_size=20))
def test_no_text_begins_like_a_command(text):
    left = without_command(text)
    assert left.strip()
    assert not left.strip().startswith("/")


@pytest.mark.parametrize("credentials", [None, {}, {"secret": ""}])
def test_a_channel_without_a_secret_does_not_start(credentials):
    with pytest.raises(RasaException, match="SERVICE_TOKEN"):
        AssistantChannel.from_credentials(credentials)


def test_the_channel_is_the_one_that_credentials_name():
    assert AssistantChannel.from_credentials({"secret": "s"}).name() == "xiaoer"
    assert ReplyCollector.name() == "xiaoer"


async def test_replies_are_collected_whole_and_in_order():
    collector = ReplyCollector()
    await collector.send_response("c_1", {"text": "一", "buttons": [{"title": "退"}], "x": 1})
    await collector.send_response("c_1", {"text": "二", "custom": {"card": {}}})
    assert collector.replies == [
        {"text": "一", "buttons": [{"title": "退"}], "custom": None},
        {"text": "二", "buttons": None, "custom": {"card": {}}},
    ]
