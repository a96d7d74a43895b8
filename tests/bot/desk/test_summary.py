"""What an agent reads first."""

import pytest

from bot.conversation.messages import BOT, SHOPPER, Entry, Numbered
from bot.desk.summary import MOST_QUOTED, summarise

ORDER = {"order_number": "XE20260002", "topic": "returns", "weather": "rain"}


def said(*spoken):
    return [
        Numbered(seq, Entry(sender=sender, text=text, at="", language="zh-Hans", payload=payload))
        for seq, (sender, text, payload) in enumerate(spoken, start=1)
    ]


@pytest.mark.parametrize(
    ("reason", "facts", "spoken", "expected"),
    [
        ("asked", {}, [], "asked"),
        ("asked", ORDER, [], "asked · returns · XE20260002"),
        ("asked", {}, [(SHOPPER, "我要退货", None)], "asked · “我要退货”"),
        (
            "asked",
            {"return_reason": "size", "topic": "returns"},
            [(SHOPPER, "too small", None), (BOT, "Which one?", None)],
            "asked · returns · size · “too small”",
        ),
        (
            "asked",
            {"topic": "refund_status", "emotion": "anger"},
            [],
            "asked · anger · refund_status",
        ),
        ("threat", {"emotion": "threat"}, [(SHOPPER, "法院见", None)], "threat · “法院见”"),
        # The newest words count, and a pressed button is no words.
        (
            "stuck",
            {},
            [(SHOPPER, "一", None), (SHOPPER, "二", None), (SHOPPER, "转人工", "b_1")],
            "stuck · “二”",
        ),
        ("stuck", {}, [(BOT, "你好", None)], "stuck"),
    ],
)
def test_a_summary_names_reason_facts_and_last_words(reason, facts, spoken, expected):
    assert summarise(reason, facts, said(*spoken)) == expected


def test_long_words_are_cut():
    summary = summarise("asked", {}, said((SHOPPER, "退" * 500, None)))
    assert summary == "asked · “" + "退" * MOST_QUOTED + "”"
