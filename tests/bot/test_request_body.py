"""What pydantic would let through, and a store or a reader of JSON would choke on later."""

import json

import pytest
from pydantic import ValidationError

from bot.request_body import MOST_DEPTH, JsonObject, RequestBody


class Handoff(RequestBody):
    reason: str
    facts: JsonObject = JsonObject()


class Wrapper(RequestBody):
    handoff: Handoff


def nested(depth, leaf=1):
    for _ in range(depth):
        leaf = {"a": leaf}
    return leaf


@pytest.mark.parametrize("value", [[], [["reason", "asked"]], "x", None, 1])
def test_only_an_object_is_a_body(value):
    with pytest.raises(ValidationError):
        Wrapper(handoff=value)


def test_fields_that_nobody_knows_are_ignored():
    assert Handoff.validate({"reason": "asked", "mood": "好"}).dict() == {
        "reason": "asked",
        "facts": {},
    }


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"订单": "XE20260002", "lines": [1, 2.5, None, True]},
        nested(MOST_DEPTH),
        {"a": [[], {}]},
    ],
)
def test_facts_come_back_as_they_were(facts):
    assert Handoff(reason="asked", facts=facts).facts == facts


@pytest.mark.parametrize("facts", [[], [["order", "XE1"]], "x", 1, None])
def test_facts_of_another_type_are_refused(facts):
    with pytest.raises(ValidationError):
        Handoff(reason="asked", facts=facts)


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "1e999", "[[NaN]]"])
def test_numbers_that_json_does_not_have_are_refused(written):
    with pytest.raises(ValidationError):
        Handoff(reason="asked", facts=json.loads(f'{{"amount": {written}}}'))


@pytest.mark.parametrize(
    "facts",
    [
        nested(MOST_DEPTH + 1),
        nested(MOST_DEPTH, {"a": 1}),
        nested(MOST_DEPTH, [1]),
        nested(900),
    ],
)
def test_what_is_nested_for_ever_is_refused(facts):
    with pytest.raises(ValidationError):
        Handoff(reason="asked", facts=facts)
