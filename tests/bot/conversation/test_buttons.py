"""Only what was really shown can be pressed."""

import pytest

from bot.storage import keys

SHOWN = [
    {"title": "退货", "payload": '/return_item{"order_number": "XE20260002"}'},
    {"title": "Talk to a person", "payload": "/human_agent"},
]


@pytest.fixture
def buttons(conversations):
    return conversations.buttons


async def test_a_button_that_was_shown_can_be_pressed_again_and_again(buttons):
    issued = await buttons.issue("c_1", SHOWN)
    assert [button.title for button in issued] == ["退货", "Talk to a person"]
    for _ in range(2):
        pressed = [await buttons.pressed("c_1", button.payload) for button in issued]
        assert pressed == SHOWN


async def test_the_assistants_commands_never_leave(buttons):
    for button in await buttons.issue("c_1", SHOWN):
        assert "/" not in button.payload
        assert "return_item" not in button.payload and "XE2026" not in button.payload


async def test_every_button_has_an_id_of_its_own(buttons):
    ids = {button.payload for _ in range(20) for button in await buttons.issue("c_1", SHOWN)}
    assert len(ids) == 40
    assert all(len(button_id) >= 16 for button_id in ids)


@pytest.mark.parametrize("pressed", ["/human_agent", "/restart", "b_", "", "退货"])
async def test_what_was_never_shown_cannot_be_pressed(buttons, pressed):
    await buttons.issue("c_1", SHOWN)
    assert await buttons.pressed("c_1", pressed) is None


async def test_a_button_belongs_to_its_conversation(buttons):
    (button, _) = await buttons.issue("c_1", SHOWN)
    assert await buttons.pressed("c_2", button.payload) is None


async def test_no_buttons_leave_nothing_behind(buttons, redis):
    assert await buttons.issue("c_1", []) == []
    assert await redis.keys("*") == []


async def test_buttons_live_as_long_as_their_conversation(buttons, redis):
    await buttons.issue("c_1", SHOWN)
    assert 0 < await redis.ttl(keys.buttons("c_1")) <= keys.CONVERSATION_SECONDS
