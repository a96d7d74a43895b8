"""Dialogues in the real Redis: turn by turn for the assistant, whole for Rasa's own commands."""

import asyncio

import pytest
from rasa.core.tracker_store import check_if_tracker_store_async
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from redis.exceptions import RedisError

from bot.assistant.dialogue import WINDOW_TURNS, DialogueWindow
from bot.storage import keys
from bot.storage.tracker_store import COMMITTED, STALE, SUPERSEDED, WindowTrackerStore
from bot.supervisor.ports import free_ports

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet, track_order]
slots:
  order_number: {type: text, influence_conversation: false, mappings: [{type: custom}]}
responses:
  utter_greet: [{text: 你好}]
"""
)


@pytest.fixture
async def store(redis_url, redis):
    opened = WindowTrackerStore(DOMAIN, host=redis_url)
    yield opened
    await opened.close()


@pytest.fixture
def commit(store):
    """End a turn of c_1.1 that nobody leases, unless told otherwise."""

    async def end(message_id, *, version, fence=None, row="{}", answer="好"):
        return await store.commit(
            "c_1", 1, message_id, fence=fence, version=version, row=row, answer=answer
        )

    return end


@pytest.fixture
def take_turns(store):
    """A dialogue of so many turns, as the assistant stores it."""

    async def take(turns, conversation_id="c_1", dialogue=1):
        sender_id = f"{conversation_id}.{dialogue}"
        window = DialogueWindow.restore(sender_id, DOMAIN, version=0, rows=[])
        for number in range(turns):
            window.begin_turn()
            for event in turn(number):
                window.update(event)
            outcome = await store.commit(
                conversation_id,
                dialogue,
                f"m-{number}",
                fence=None,
                version=window.version,
                row=window.end_turn(),
                answer="好",
            )
            assert outcome == COMMITTED
            window.version += 1
        return window

    return take


def turn(number):
    return [
        UserUttered(f"第 {number} 句 | 你好", {"name": "greet", "confidence": 0.9}),
        SlotSet("order_number", f"XE{number:08}"),
        ActionExecuted("utter_greet"),
        ActionExecuted("action_listen"),
    ]


async def test_a_new_dialogue_has_no_rows_and_no_answer(store):
    opened = await store.open("c_1", 1, "m-1", known=-1)
    assert (opened.answer, opened.version, opened.rows) == (None, 0, [])


async def test_a_turn_is_stored_with_its_answer(store, commit):
    assert await commit("m-1", version=0, row='{"a": "1|2"}', answer="在路上了") == COMMITTED
    opened = await store.open("c_1", 1, "m-2", known=-1)
    assert (opened.answer, opened.version, opened.rows) == (None, 1, ['{"a": "1|2"}'])
    again = await store.open("c_1", 1, "m-1", known=-1)
    assert (again.answer, again.rows) == ("在路上了", [])


async def test_whoever_has_the_dialogue_in_memory_reads_nothing(store, commit):
    for number in range(3):
        await commit(f"m-{number}", version=number)
    assert (await store.open("c_1", 1, "m-9", known=3)).rows == []
    assert len((await store.open("c_1", 1, "m-9", known=2)).rows) == 3
    assert (await store.open("c_1", 1, "m-9", known=3)).version == 3


async def test_only_the_latest_turns_are_kept(store, commit):
    for number in range(2 * WINDOW_TURNS):
        await commit(f"m-{number}", version=number, row=f'{{"n": {number}}}')
    opened = await store.open("c_1", 1, "m-x", known=-1)
    assert opened.version == 2 * WINDOW_TURNS
    assert opened.rows == [f'{{"n": {n}}}' for n in range(WINDOW_TURNS, 2 * WINDOW_TURNS)]


@pytest.mark.parametrize(
    ("leased", "fence", "outcome"),
    [(3, 3, COMMITTED), (4, 3, SUPERSEDED), (None, 3, SUPERSEDED), (3, None, COMMITTED)],
)
async def test_only_the_worker_that_has_the_lease_stores(redis, commit, leased, fence, outcome):
    if leased is not None:
        await redis.hset(keys.conversation("c_1"), "fence", leased)
    assert await commit("m-1", version=0, fence=fence) == outcome
    assert await redis.exists(keys.tracker("c_1", 1)) == (outcome == COMMITTED)
    assert await redis.exists(keys.answer("c_1", "m-1")) == (outcome == COMMITTED)


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_a_turn_begun_at_another_version_is_stale(redis, commit, version):
    for number in range(2):
        await commit(f"m-{number}", version=number)
    before = await redis.lrange(keys.tracker("c_1", 1), 0, -1)
    assert await commit("m-late", version=version) == STALE
    assert await redis.lrange(keys.tracker("c_1", 1), 0, -1) == before
    assert not await redis.exists(keys.answer("c_1", "m-late"))


async def test_of_many_turns_at_once_one_is_stored(redis, commit):
    outcomes = await asyncio.gather(*(commit(f"m-{n}", version=0) for n in range(20)))
    assert sorted(outcomes) == [COMMITTED] + [STALE] * 19
    assert await redis.llen(keys.tracker("c_1", 1)) == 1


async def test_dialogues_and_conversations_are_apart(store, take_turns):
    await take_turns(2)
    await take_turns(1, dialogue=2)
    await take_turns(3, conversation_id="c_2")
    assert (await store.open("c_1", 1, "x", known=-1)).version == 2
    assert (await store.open("c_1", 2, "x", known=-1)).version == 1
    assert (await store.open("c_2", 1, "x", known=-1)).version == 3
    assert sorted(await store.keys()) == ["c_1.1", "c_1.2", "c_2.1"]


async def test_a_turn_does_not_live_for_ever(redis, commit):
    await commit("m-1", version=0)
    assert 0 < await redis.ttl(keys.answer("c_1", "m-1")) <= keys.TURN_SECONDS
    assert 0 < await redis.ttl(keys.tracker("c_1", 1)) <= keys.TRACKER_SECONDS


@pytest.mark.parametrize("turns", [1, WINDOW_TURNS, 3 * WINDOW_TURNS])
async def test_rasa_retrieves_a_dialogue_as_it_stands(store, take_turns, turns):
    window = await take_turns(turns)
    tracker = await store.retrieve("c_1.1")
    assert tracker.current_slot_values() == window.current_slot_values()
    assert tracker.latest_message == window.latest_message
    assert tracker.version == turns
    assert await store.exists("c_1.1")


async def test_a_dialogue_that_nobody_began_is_not_there(store):
    assert await store.retrieve("c_1.1") is None
    assert not await store.exists("c_1.1")
    assert list(await store.keys()) == []


async def test_what_rasa_saves_is_what_it_retrieves_and_what_the_assistant_goes_on_with(
    store, take_turns, commit
):
    await take_turns(3)
    tracker = await store.retrieve("c_1.1")
    tracker.update(SlotSet("order_number", "XE20260001"))
    await store.save(tracker)
    again = await store.retrieve("c_1.1")
    assert list(again.events) == list(tracker.events)
    assert again.get_slot("order_number") == "XE20260001"
    # Whoever held the dialogue in memory notices.
    opened = await store.open("c_1", 1, "m-x", known=3)
    assert opened.version == 4 and len(opened.rows) == 1
    window = DialogueWindow.restore("c_1.1", DOMAIN, version=opened.version, rows=opened.rows)
    assert window.get_slot("order_number") == "XE20260001"
    window.begin_turn()
    assert await commit("m-4", version=4, row=window.end_turn()) == COMMITTED


async def test_a_dialogue_of_many_events_is_saved_whole(store):
    tracker = DialogueStateTracker("somebody", DOMAIN.slots)
    started = [ActionExecuted("action_session_start"), SessionStarted()]
    for event in [*started, *(event for number in range(20) for event in turn(number))]:
        tracker.update(event)
    await store.save(tracker)
    again = await store.retrieve("somebody")
    assert again.events == tracker.events
    # Anything but the gateway's names has one dialogue.
    assert list(await store.keys()) == ["somebody.0"]
    assert (await store.retrieve("somebody.0")).events == tracker.events


async def test_looking_at_a_dialogue_that_nobody_began_does_not_begin_it(store):
    tracker = await store.get_or_create_tracker("c_1.1", append_action_listen=False)
    assert len(tracker.events) == 0
    assert (await store.open("c_1", 1, "m-1", known=-1)).version == 0


def test_rasa_need_not_wrap_it(store):
    assert check_if_tracker_store_async(store)


@pytest.mark.parametrize("call", ["open", "commit", "retrieve", "save", "keys"])
async def test_errors_of_redis_are_raised(call):
    (port,) = free_ports(1)
    away = WindowTrackerStore(DOMAIN, host=f"redis://127.0.0.1:{port}/0")
    tracker = DialogueStateTracker("c_1.1", DOMAIN.slots)
    tracker.update(ActionExecuted("action_listen"))
    calls = {
        "open": lambda: away.open("c_1", 1, "m-1", known=-1),
        "commit": lambda: away.commit(
            "c_1", 1, "m-1", fence=None, version=0, row="{}", answer="好"
        ),
        "retrieve": lambda: away.retrieve("c_1.1"),
        "save": lambda: away.save(tracker),
        "keys": away.keys,
    }
    with pytest.raises(RedisError):
        await calls[call]()
    await away.close()
