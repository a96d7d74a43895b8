"""Several requests in one message are all served, by the trained model and the real actions."""

import json

import pytest

from bot.assistant.requests import WAITING, request, requests_of

pytestmark = pytest.mark.timeout(300)


ORDER = "XE20260001"


async def test_a_question_is_answered_before_a_form_asks(make_processor, speaker):
    processor, who = make_processor(), speaker("C1001")
    # No knowledge base runs here, and the answer says so.
    answer, question = await who.say(processor, "我要退货，另外问下运费多少")
    assert "查不了资料" in answer
    assert "退" in question


async def test_a_look_up_and_a_question_are_both_served(make_processor, speaker):
    processor, who = make_processor(), speaker("C1001", "en")
    said = await who.say(processor, f"Where is my order {ORDER}? Also how do I change my password?")
    assert "can't look that up" in said[0]
    assert ORDER in said[1]


async def test_what_has_to_wait_is_served_when_the_form_ends(make_processor, speaker):
    first, who = make_processor(), speaker()
    assert len(await who.say(first, "我的快递到哪了，另外我要退货")) == 1
    assert first._held[who.sender_id].get_slot(WAITING) == ["我要退货"]
    assert "后四位" in (await who.say(first, ORDER))[0]
    # Another process goes on where this one stood.
    second = make_processor()
    told, question = await who.say(second, "1001")
    assert ORDER in told and "订单号" in question
    assert second._held[who.sender_id].get_slot(WAITING) is None


async def test_a_story_is_one_request(make_processor, speaker):
    processor, who = make_processor(), speaker("C1001")
    said = await who.say(processor, "杯子收到就碎了。我要退货，XE20260002")
    assert len(said) == 1


async def test_a_person_takes_all_of_it(make_processor, speaker):
    processor, who = make_processor(), speaker("C1001")
    await who.say(processor, "查快递，另外我要退货")
    await who.say(processor, "转人工")
    tracker = processor._held[who.sender_id]
    assert tracker.get_slot(WAITING) is None


async def test_within_a_form_nothing_is_cut(make_processor, speaker):
    who = speaker()
    message = who.turn("XE20260001，另外怎么开发票").message

    async def parse(_):
        raise AssertionError("nothing is to be understood here")

    assert await requests_of(message, parse, busy=True) == [message]


async def test_each_request_has_its_own_words_and_its_own_key(speaker):
    message = speaker("C1001").turn("到哪了，另外怎么开发票", message_id="m-1").message
    first, second = request(message, "到哪了", 0), request(message, "怎么开发票", 1)
    assert (first.metadata["text"], second.metadata["text"]) == ("到哪了", "怎么开发票")
    assert (first.metadata["message_id"], second.metadata["message_id"]) == ("m-1", "m-1.1")
    assert json.dumps(second.metadata["identity"]) == json.dumps(message.metadata["identity"])
