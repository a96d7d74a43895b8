"""What passes between door, assistant, desk and transcript, stored and shown."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from bot.conversation.messages import AGENT, BOT, SHOPPER, SYSTEM, Button, Entry, Numbered, now

AT = "2026-11-20T02:00:00.000+00:00"

ENTRIES = [
    Entry(sender=SHOPPER, text="退货", at=AT, language="zh-Hans", message_id="m1"),
    Entry(sender=SHOPPER, text="Yes", at=AT, language="en", message_id="m2", payload="b_1"),
    Entry(
        sender=BOT,
        text="要退哪一件？",
        at=AT,
        language="zh-Hans",
        buttons=[Button("保温杯", "b_2"), Button("都退", "b_3")],
        card={"type": "order", "lines": [{"title": "保温杯"}]},
        sources=[{"id": "returns", "title": "退货", "updated": "2026-01-01"}],
    ),
    Entry(sender=AGENT, text="我來看看 🎉", at=AT, language="zh-Hant", agent="mei"),
    Entry(sender=SYSTEM, text="", at=AT, language="en"),
]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.sender)
def test_an_entry_is_read_as_it_was_stored(entry):
    assert Entry.loads(entry.dumps()) == entry


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.sender)
def test_a_reply_has_every_field_that_the_api_promises(entry):
    view = entry.view(7)
    assert view["seq"] == 7
    assert {"from", "text", "buttons", "card", "sources", "language", "at"} <= set(view)
    assert ("message_id" in view) == (entry.sender == SHOPPER)
    assert ("agent" in view) == (entry.sender == AGENT)
    json.dumps(view)


def test_a_button_is_shown_with_its_title_and_its_id():
    assert ENTRIES[2].view(1)["buttons"][0] == {"title": "保温杯", "payload": "b_2"}


def test_a_numbered_entry_shows_its_number():
    assert Numbered(3, ENTRIES[0]).view() == ENTRIES[0].view(3)


def test_now_is_in_utc_to_the_millisecond():
    moment = datetime.fromisoformat(now())
    assert moment.utcoffset() == timedelta(0)
    assert abs(datetime.now(timezone.utc) - moment) < timedelta(seconds=5)
    assert len(now()) == len(AT)
