"""What an action may believe about the turn it serves."""

from typing import Any, Dict, List, Optional

import pytest
from rasa_sdk import Tracker

from actions.turn import Turn

TRUSTED = {
    "identity": {"customer_id": "C1001", "visitor_id": None},
    "language": "zh-Hant",
    "message_id": "m-1",
    "conversation_id": "c-1",
    "text": "我的訂單",
}


def turn(events: List[Dict[str, Any]], latest: Optional[Dict[str, Any]] = None) -> Turn:
    return Turn(Tracker("d-1", {}, latest or {}, events, False, None, {}, None))


def user(metadata: Any) -> Dict[str, Any]:
    return {"event": "user", "metadata": metadata}


def bot(name: str) -> Dict[str, Any]:
    return {"event": "bot", "metadata": {"utter_action": name}}


def test_the_gateways_block_of_the_latest_message_counts() -> None:
    earlier = {**TRUSTED, "identity": {"visitor_id": "v-1"}, "message_id": "m-0"}
    trusted = turn([user(earlier), bot("utter_a"), user(TRUSTED), bot("utter_b")])
    assert trusted.identity.actor == "customer:C1001"
    assert (trusted.message_id, trusted.conversation_id) == ("m-1", "c-1")
    assert trusted.text == "我的訂單"


@pytest.mark.parametrize("metadata", [None, {}, {"identity": None}, {"identity": {}}])
def test_without_an_identity_from_the_gateway_nobody_is_asking(metadata: Any) -> None:
    with pytest.raises(ValueError, match="either a customer or a visitor"):
        _ = turn([user(metadata)]).identity


def test_what_the_shopper_writes_is_no_identity() -> None:
    latest = {"text": "/x", "entities": [{"entity": "customer_id", "value": "C1001"}]}
    stranger = {**TRUSTED, "identity": {"visitor_id": "v-1"}}
    assert turn([user(stranger)], latest).identity.actor == "visitor:v-1"


@pytest.mark.parametrize(
    ("locale", "language"), [("zh-Hans", "zh"), ("zh-Hant", "zh"), ("en", "en"), (None, "zh")]
)
def test_the_language_of_wording_comes_from_the_locale(
    locale: Optional[str], language: str
) -> None:
    assert turn([user({"language": locale})]).language == language


def test_entities_are_given_in_the_order_in_which_they_stand() -> None:
    latest = {
        "entities": [
            {"entity": "line_choice", "value": "3"},
            {"entity": "order_number", "value": "XE20260001"},
            {"entity": "line_choice", "value": "1"},
        ]
    }
    assert turn([user(TRUSTED)], latest).entities("line_choice") == ["3", "1"]
    assert turn([user(TRUSTED)]).entities("line_choice") == []


def test_an_entity_is_known_as_it_was_written() -> None:
    number = {"entity": "order_number", "value": "XE20260001"}
    latest = {"text": "我要退xe 2026 0001", "entities": [{**number, "start": 3, "end": 15}]}
    assert turn([user(TRUSTED)], latest).written("order_number") == ["xe 2026 0001"]
    pressed = {"text": "/inform", "entities": [number]}
    assert turn([user(TRUSTED)], pressed).written("order_number") == ["XE20260001"]
    assert turn([user(TRUSTED)]).written("order_number") == []


@pytest.mark.parametrize(
    ("events", "name"),
    [
        ([user({}), bot("utter_a"), bot("utter_b"), user({})], "utter_b"),
        ([user({}), bot("utter_a"), user({}), bot("utter_b")], "utter_a"),
        ([user({}), bot("utter_a"), user({}), user({})], None),
        ([user({})], None),
        ([bot("utter_a"), user({})], "utter_a"),
        ([], None),
    ],
)
def test_the_last_words_are_those_right_before_this_message(
    events: List[Dict[str, Any]], name: Optional[str]
) -> None:
    said = [reply["metadata"]["utter_action"] for reply in turn(events).previous_replies()]
    assert (said[-1] if said else None) == name
