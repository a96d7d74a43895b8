"""Turns through the trained model, the real Redis and the real action server."""

import asyncio
import copy
import sqlite3
from types import SimpleNamespace

import pytest
from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.events import Restarted
from rasa.shared.exceptions import RasaException
from redis.exceptions import RedisError

from bot.assistant import processor as module
from bot.assistant import remote_action
from bot.assistant.channel import _turn_processor
from bot.assistant.processor import TurnProcessor
from bot.assistant.remote_action import ActionFailed
from bot.assistant.turn import ReplyCollector, TurnSuperseded
from bot.storage import keys
from bot.storage.tracker_store import WindowTrackerStore
from bot.training import ROOT

pytestmark = pytest.mark.timeout(300)

ASKS_NUMBER = "订单号"


async def stored(redis, who):
    """The dialogue's rows and the answers that Redis keeps of a conversation."""
    prefix = keys.answer(who.conversation_id, "")
    answers = [key async for key in redis.scan_iter(match=f"{prefix}*")]
    return await redis.lrange(keys.tracker(who.conversation_id, 1), 0, -1), answers


async def lease(redis, who, fence):
    await redis.hset(keys.conversation(who.conversation_id), "fence", fence)


def returns_of(actions, number):
    """Return numbers of an order, asked of the shop's database."""
    query = "SELECT rma_number FROM returns WHERE order_number = ?"
    with sqlite3.connect(actions.database) as shop:
        return [row[0] for row in shop.execute(query, [number])]


@pytest.mark.parametrize(
    ("language", "texts", "words"),
    [
        (
            "zh-Hans",
            ["你好", "我的快递到哪了", "不用了", "谢谢"],
            ["我是小二", "订单号", "先不办", "不客气"],
        ),
        (
            "en",
            ["hello", "where is my parcel", "never mind", "thanks"],
            ["Xiaoer", "number starts with XE", "nothing has been changed", "welcome"],
        ),
    ],
)
async def test_a_dialogue_goes_its_way(make_processor, speaker, language, texts, words):
    processor, who = make_processor(), speaker(language=language)
    for text, word in zip(texts, words):
        assert word in "".join(await who.say(processor, text))


async def test_the_assistant_says_what_plain_rasa_would_say(make_processor, speaker, loaded):
    ours = make_processor()
    plain = copy.copy(loaded)
    plain.action_endpoint = ours.action_endpoint
    plain.tracker_store = InMemoryTrackerStore(loaded.domain)
    plain.lock_store = InMemoryLockStore()
    one, other = speaker("C1003", "en"), speaker("C1003", "en")
    for text in [
        "hi",
        "where is my parcel",
        "I want to return something",
        "do I have to pay for shipping?",
        "my refund please",
        "what is the mug made of?",
        "asdf qwer",
        "no thanks",
        "where is XE20260006",
        "I need a human",
        "bye",
    ]:
        collector = ReplyCollector()
        message = other.turn(text).message
        message.output_channel = collector
        await plain.handle_message(message)
        assert await one.say(ours, text) == [reply["text"] for reply in collector.replies], text


async def test_whoever_repeats_the_question_of_a_form_is_asked_again(make_processor, speaker, door):
    processor, who = make_processor(), speaker()
    asked = await who.say(processor, "我的快递到哪了")
    door.calls.clear()
    assert (await who.say(processor, "我的快递到哪了"))[-1:] == asked
    assert len(door.calls) < 5
    assert "后四位" in "".join(await who.say(processor, "XE20260005"))


async def test_a_message_that_comes_twice_acts_once_and_is_answered_the_same(
    make_processor, speaker, door, actions, redis
):
    processor, who = make_processor(), speaker("C1001")
    await who.say(processor, "XE20260002 我要退货")
    await who.say(processor, "不想要了")
    yes = who.turn("是的", message_id="m-yes")
    answer = await processor.answer(yes)
    assert "RMA" in answer
    assert len(returns_of(actions, "XE20260002")) == 1
    before = await stored(redis, who)
    door.calls.clear()
    for again in (processor, make_processor()):
        assert await again.answer(who.turn("是的", message_id="m-yes")) == answer
    assert door.calls == []
    assert await stored(redis, who) == before
    assert len(returns_of(actions, "XE20260002")) == 1


async def test_a_message_sent_to_two_processes_at_once_acts_once(
    make_processor, speaker, door, actions
):
    first, second = make_processor(), make_processor()
    who = speaker("C1003", "en")
    await who.say(first, "I want to return XE20260005")
    await who.say(first, "the blanket")
    await who.say(first, "changed my mind")
    door.behaviour = "held"
    hanging = asyncio.create_task(first.answer(who.turn("yes", message_id="m-yes")))
    await asyncio.wait_for(door.arrived.wait(), 10)
    answer = await second.answer(who.turn("yes", message_id="m-yes"))
    door.released.set()
    assert await hanging == answer
    assert len(returns_of(actions, "XE20260005")) == 1
    # And both know how it goes on.
    assert await who.say(first, "thanks") and await who.say(second, "bye")


async def test_a_turn_whose_lease_is_gone_stores_nothing(make_processor, speaker, redis):
    processor, who = make_processor(), speaker()
    await lease(redis, who, 7)
    with pytest.raises(TurnSuperseded, match="superseded"):
        await processor.answer(who.turn("我的快递到哪了", message_id="m-1", fence=6))
    assert await stored(redis, who) == ([], [])
    assert ASKS_NUMBER in "".join(
        await who.say(processor, "我的快递到哪了", message_id="m-1", fence=7)
    )
    rows, answers = await stored(redis, who)
    assert len(rows) == len(answers) == 1


async def test_a_turn_that_another_one_overtook_stores_nothing(
    make_processor, speaker, door, redis
):
    first, second = make_processor(), make_processor()
    who = speaker()
    await who.say(first, "你好")
    door.behaviour = "held"
    hanging = asyncio.create_task(first.answer(who.turn("我的快递到哪了", message_id="m-late")))
    await asyncio.wait_for(door.arrived.wait(), 10)
    await who.say(second, "谢谢")
    overtaken = await stored(redis, who)
    door.released.set()
    with pytest.raises(TurnSuperseded, match="stale"):
        await hanging
    assert await stored(redis, who) == overtaken
    # What it did not store, it does not remember either.
    assert "先这样" in "".join(await who.say(first, "不用了"))


@pytest.mark.parametrize(
    "failure",
    ["hangs up", "slow", (500, '{"error": "a defect"}'), (404, "{}"), (200, "<html>"), (200, "[]")],
    ids=str,
)
async def test_a_turn_fails_with_its_action_and_succeeds_when_it_comes_again(
    make_processor, speaker, door, redis, monkeypatch, failure
):
    monkeypatch.setattr(remote_action, "ACTION_SECONDS", 0.3)
    processor, who = make_processor(), speaker()
    await who.say(processor, "你好")
    before = await stored(redis, who)
    door.behaviour = failure
    for _ in range(2):
        with pytest.raises(ActionFailed):
            await processor.answer(who.turn("我的快递到哪了", message_id="m-1"))
        assert await stored(redis, who) == before
    monkeypatch.undo()
    door.behaviour = "fine"
    door.released.set()
    assert ASKS_NUMBER in "".join(
        await who.say(make_processor(), "我的快递到哪了", message_id="m-1")
    )


async def test_an_action_server_that_is_away_is_found_again(make_processor, speaker, door, redis):
    processor, who = make_processor(), speaker(language="en")
    await who.say(processor, "hello")
    await who.say(processor, "what does shipping cost?")
    await door.close()
    with pytest.raises(ActionFailed):
        await processor.answer(who.turn("what does shipping cost?", message_id="m-1"))
    await door.open()
    assert await who.say(processor, "what does shipping cost?", message_id="m-1")


async def test_an_action_that_refused_is_not_chosen_again(make_processor, speaker, door):
    processor, who = make_processor(), speaker()
    door.refused = {"action_answer_question"}
    assert await who.say(processor, "运费多少")
    assert door.calls == ["action_answer_question", "action_fallback"]


async def test_actions_that_all_refuse_end_the_turn_in_silence_and_not_the_dialogue(
    make_processor, speaker, door
):
    processor, who = make_processor(), speaker()
    door.refused = {"action_answer_question", "action_fallback"}
    # A silent turn is a failed one to the gateway, which gets a person then.
    assert await who.say(processor, "运费多少") == []
    assert len(door.calls) <= processor.max_number_of_predictions
    assert ASKS_NUMBER in "".join(await who.say(processor, "我的快递到哪了"))


async def test_after_a_turn_that_was_cut_off_the_dialogue_listens(make_processor, speaker):
    processor, who = make_processor(), speaker()
    most, processor.max_number_of_predictions = processor.max_number_of_predictions, 1
    assert "我是小二" in "".join(await who.say(processor, "你好"))
    processor.max_number_of_predictions = most
    assert ASKS_NUMBER in "".join(await who.say(processor, "我的快递到哪了"))


async def test_two_processes_that_take_turns_say_what_one_alone_would_say(make_processor, speaker):
    texts = [
        "你好",
        "我的快递到哪了",
        "运费怎么算",
        "XE20260005",
        "随便聊聊",
        "1003",
        "那退款呢",
        "XE20260006",
        "asdf",
        "不用了",
        "我要退货",
        "XE20260001",
        "算了",
        "谢谢",
    ]
    alone, together = speaker(), speaker()
    one = make_processor()
    two = [make_processor(), make_processor()]
    for number, text in enumerate(texts):
        expected = await alone.say(one, text)
        assert await together.say(two[number % 2], text) == expected, text


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "／restart",
        " \u200b//session_start",
        "/human_agent",
        '/inform{"order_number": "XE20260001"}',
        "/deny",
        "/退货",
        "/",
    ],
)
async def test_a_text_is_never_a_command(make_processor, speaker, text):
    processor, who = make_processor(), speaker()
    await who.say(processor, "我的快递到哪了")
    assert await who.say(processor, text)
    tracker = processor._held[who.sender_id]
    assert not tracker.latest_message.text.startswith(("/", "／"))
    assert tracker.latest_message.intent["confidence"] < 1 or text == "/"
    assert not any(isinstance(event, Restarted) for event in tracker.events)


async def test_a_button_that_was_shown_is_a_command(make_processor, speaker, door):
    processor, who = make_processor(), speaker()
    door.calls.clear()
    await who.say(processor, "转人工", pressed="/human_agent")
    assert door.calls == ["action_request_handoff"]


async def test_only_so_many_dialogues_are_held_and_the_others_go_on_as_well(
    make_processor, speaker, monkeypatch
):
    monkeypatch.setattr(module, "_MOST_HELD", 3)
    processor = make_processor()
    people = [speaker() for _ in range(5)]
    for who in people:
        await who.say(processor, "我的快递到哪了")
    assert list(processor._held) == [who.sender_id for who in people[-3:]]
    for who in people:
        assert "先不办" in "".join(await who.say(processor, "不用了"))
    assert len(processor._held) == 3


async def test_a_dialogue_that_failed_is_not_held(make_processor, speaker, door):
    processor, who = make_processor(), speaker()
    await who.say(processor, "你好")
    door.behaviour = (500, "{}")
    with pytest.raises(ActionFailed):
        await processor.answer(who.turn("运费多少"))
    assert who.sender_id not in processor._held


async def test_without_redis_a_turn_fails(make_processor, speaker, redis_url, loaded):
    processor, who = make_processor(), speaker()
    gone = redis_url.rpartition(":")[0] + ":1/0"
    away = TurnProcessor(loaded, WindowTrackerStore(loaded.domain, host=gone))
    with pytest.raises(RedisError):
        await away.answer(who.turn("你好"))
    await away.close()
    assert await who.say(processor, "你好")


def app_with(loaded, tracker_store):
    """Rasa's server as far as the channel looks at it."""
    agent = Agent(tracker_store=tracker_store)
    agent.processor = copy.copy(loaded)
    agent.processor.tracker_store = agent.tracker_store
    return SimpleNamespace(ctx=SimpleNamespace(agent=agent))


async def test_the_tracker_store_that_endpoints_name_is_taken_over(loaded, redis_url, monkeypatch):
    for name, value in (("REDIS_URL", redis_url), ("ACTIONS_URL", "x"), ("SERVICE_TOKEN", "x")):
        monkeypatch.setenv(name, value)
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    store = TrackerStore.create(endpoints.tracker_store, loaded.domain)
    processor = _turn_processor(app_with(loaded, store))
    assert processor._store is store
    await processor.close()


def test_with_another_tracker_store_the_assistant_does_not_start(loaded):
    with pytest.raises(RasaException, match="tracker_store"):
        _turn_processor(app_with(loaded, InMemoryTrackerStore(loaded.domain)))


def test_without_a_model_the_assistant_does_not_start():
    app = SimpleNamespace(ctx=SimpleNamespace(agent=Agent()))
    with pytest.raises(RasaException, match="no model"):
        _turn_processor(app)
