"""Every key about a conversation can be found again, and no other is taken for one of it."""

import inspect

import pytest

from bot.storage import keys

ID = "c_0123456789abcdef0123456789abcdef"

# Found by their own ways: by the ticket's number, by the pointer of the desk.
ELSEWHERE = {"open_ticket"}


def named_by_conversation():
    """The functions of keys.py that make a key for a conversation."""
    for name, function in inspect.getmembers(keys, inspect.isfunction):
        parameters = list(inspect.signature(function).parameters)
        if parameters[0] == "conversation_id" and name not in ("naming", *ELSEWHERE):
            yield pytest.param(function, len(parameters) - 1, id=name)


@pytest.mark.parametrize(("function", "more"), named_by_conversation())
def test_every_key_of_a_conversation_carries_its_hash_tag_and_is_about_it(function, more):
    key = function(ID, *["m1"] * more)
    assert f":{{{ID}}}:" in key
    assert keys.about(key, ID) is not None
    assert keys.about(key, ID[:-1]) is None
    assert keys.about(key, f"{ID}0") is None


@pytest.mark.parametrize(
    ("key", "about"),
    [
        (keys.conversation(ID), ("state", "")),
        (keys.message(ID, "a:b"), ("message", "a:b")),
        (f"xiaoer:{{{ID}}}:tracker:3", ("tracker", "3")),
        (f"xiaoer:tracker:{ID}.3", ("tracker", "3")),
        (f"xiaoer:turn:{ID}.3:m1", ("turn", "3:m1")),
    ],
)
def test_a_key_tells_its_kind_those_of_earlier_versions_too(key, about):
    assert keys.about(key, ID) == about


@pytest.mark.parametrize(
    "key",
    [
        # Message ids are the clients' own.
        keys.message("c_other", ID),
        keys.message("c_other", f"{{{ID}}}:state"),
        keys.limit("visitor", ID),
        keys.agent_session(ID),
        f"elsewhere:{{{ID}}}:state",
        f"xiaoer:tracker:{ID}",
        f"xiaoer:tracker:{ID}0.1",
    ],
)
def test_the_name_of_a_conversation_in_another_key_does_not_make_it_its_own(key):
    assert keys.about(key, ID) is None
