"""Somebody upset hears a word about it, once; a threat goes to a person."""

import json

import pytest
from rasa.shared.core.events import SlotSet, UserUtteranceReverted, UserUttered

from bot.assistant.dialogue import DialogueWindow
from bot.assistant.empathy import ANSWERED, emotion_in, first_word, routed

pytestmark = pytest.mark.timeout(300)

ANGER = {"zh-Hans": "真让你生气", "en": "how angry this has made you"}
DISTRESS = {"zh-Hans": "有多着急", "en": "really worrying"}
NOT_REACHED = {"zh-Hans": "没能接通人工", "en": "couldn't reach our service desk"}
HANDED_OVER = (200, json.dumps({"events": [], "responses": []}))


def slot(processor, who, name):
    return processor._held[who.sender_id].get_slot(name)


@pytest.mark.parametrize(
    ("language", "upset", "question"),
    [
        ("zh-Hans", "气死我了，运费要多少", "我真的火大，运费到底多少"),
        ("en", "I'm furious, where is my parcel", "still furious, what does shipping cost"),
    ],
)
async def test_anger_is_met_first_and_only_once(make_processor, speaker, language, upset, question):
    processor, who = make_processor(), speaker(language=language)
    said = await who.say(processor, upset)
    assert ANGER[language] in said[0] and len(said) > 1
    assert ANGER[language] not in "".join(await who.say(processor, question))


async def test_each_emotion_is_met_once_however_long_the_dialogue(make_processor, speaker):
    first, second, who = make_processor(), make_processor(), speaker()
    assert ANGER["zh-Hans"] in (await who.say(first, "你们太过分了"))[0]
    assert DISTRESS["zh-Hans"] in (await who.say(first, "急死我了，孩子等着喝奶"))[0]
    for _ in range(7):
        await who.say(first, "你好")
    for processor in (first, second):
        said = "".join(await who.say(processor, "气死我了，你们太过分了"))
        assert ANGER["zh-Hans"] not in said and DISTRESS["zh-Hans"] not in said
    assert slot(second, who, ANSWERED) == ["anger", "distress"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh-Hans", "我没生气，我的快递到哪了"), ("en", "not angry, just asking where my parcel is")],
)
async def test_calm_people_hear_nothing_of_it(make_processor, speaker, language, text):
    processor, who = make_processor(), speaker(language=language)
    said = "".join(await who.say(processor, text))
    assert ANGER[language] not in said and slot(processor, who, "emotion") is None


async def test_an_angry_face_alone_is_met(make_processor, speaker):
    processor, who = make_processor(), speaker()
    assert ANGER["zh-Hans"] in (await who.say(processor, "😡😡"))[0]


async def test_marks_in_front_of_a_text_are_seen(make_processor, speaker):
    processor, who = make_processor(), speaker(language="en")
    assert ANGER["en"] in (await who.say(processor, "🤬 where is my parcel"))[0]


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("zh-Hans", ["再不发货我就打12315"]),
        ("zh-Hans", ["我的快递到哪了", "别问了，不处理我就找记者曝光你们"]),
        ("zh-Hans", ["我要退货", "等着收差评吧"]),
        ("zh-Hans", ["我的退款到了吗", "黑猫投诉见"]),
        ("en", ["thanks, you will hear from my lawyer"]),
        ("en", ["I want to return something", "then I'll do a chargeback"]),
    ],
)
async def test_a_threat_goes_to_a_person_wherever_the_dialogue_is(
    make_processor, speaker, door, language, texts
):
    processor, who = make_processor(), speaker("C1001", language=language)
    for text in texts:
        door.calls.clear()
        said = await who.say(processor, text)
    assert "action_request_handoff" in door.calls
    assert processor._held[who.sender_id].active_loop_name is None
    # There is no desk here: the assistant says so, and that it took the threat seriously.
    assert len(said) == 2 and NOT_REACHED[language] in said[1]


@pytest.mark.parametrize("text", ["气死我了，转人工", "再不退款我就打12315"])
async def test_on_a_turn_that_hands_over_the_assistant_is_silent(
    make_processor, speaker, door, text
):
    processor, who = make_processor(), speaker()
    await who.say(processor, "你好")
    door.behaviour = HANDED_OVER
    assert await who.say(processor, text) == []
    assert slot(processor, who, ANSWERED) is None


async def test_the_offer_of_a_person_can_be_taken_up_after_a_word_of_empathy(
    make_processor, speaker, door
):
    processor, who = make_processor(), speaker()
    said = await who.say(processor, "你们这破店太坑人了")
    assert ANGER["zh-Hans"] in said[0] and "转人工" in said[1]
    assert NOT_REACHED["zh-Hans"] in "".join(await who.say(processor, "好的"))


async def test_an_emotion_holds_until_the_shopper_is_done_with_it(make_processor, speaker):
    processor, who = make_processor(), speaker()
    await who.say(processor, "气死我了，你们太过分了")
    await who.say(processor, "你好")
    assert slot(processor, who, "emotion") == "anger"
    await who.say(processor, "谢谢")
    assert slot(processor, who, "emotion") == "calm"


async def test_a_message_that_was_taken_back_leaves_its_emotion(loaded):
    tracker = DialogueWindow("c_1.1", loaded.domain)
    tracker.update(UserUttered("气死我了", {"name": "chitchat"}))
    tracker.update(SlotSet("emotion", "anger"))
    tracker.update(UserUtteranceReverted())
    assert tracker.get_slot("emotion") is None
    assert await first_word("anger", tracker, loaded.nlg, "xiaoer")
    assert tracker.get_slot("emotion") == "anger"
    assert await first_word("anger", tracker, loaded.nlg, "xiaoer") is None


def test_only_a_threat_changes_what_is_heard():
    for value, heard in (("anger", "return_item"), ("threat", "human_agent")):
        parsed = {
            "intent": {"name": "return_item", "confidence": 0.8},
            "entities": [{"entity": "emotion", "value": value}],
            "intent_ranking": [{"name": "return_item", "confidence": 0.8}],
        }
        found = routed(parsed)
        assert found["intent"]["name"] == heard
        assert found["intent_ranking"] == parsed["intent_ranking"]
    assert emotion_in([{"entity": "language", "value": "zh"}]) is None
