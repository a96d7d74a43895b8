"""The trained graph in one row gives what Rasa's scheduler gives."""

import copy

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.rule_policy import RulePolicy
from rasa.nlu.classifiers.keyword_intent_classifier import KeywordIntentClassifier
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant.graph_runner import SequentialGraphRunner

pytestmark = pytest.mark.timeout(300)

TEXTS = [
    "我的快递到哪了",
    "XE20260001 到哪了",
    "我想退貨，杯子破了",
    "怎么开发票呀",
    "Where is my parcel XE20260005?",
    "the mug arrived broken, I want my money back",
    "我的 order 怎么还没 shipped",
    "refund 到哪了",
    "我手机尾号 1003",
    "qwertz",
    "。。。",
    "",
    '/inform{"order_number": "XE20260001"}',
    "/human_agent",
]


@pytest.fixture(scope="module")
def runner(loaded):
    return SequentialGraphRunner(loaded.graph_runner)


@pytest.fixture(scope="module")
def ours(loaded, runner):
    one = copy.copy(loaded)
    one.graph_runner = runner
    return one


@pytest.mark.parametrize("text", TEXTS)
async def test_a_text_is_understood_the_same(loaded, ours, text):
    message = UserMessage(text, metadata={"language": "zh-Hant"})
    assert await ours.parse_message(message) == await loaded.parse_message(message)


@pytest.mark.parametrize("intent", ["track_order", "greet", "affirm", "out_of_scope"])
def test_a_dialogue_is_decided_the_same(loaded, ours, intent):
    def decide(processor):
        events = [
            ActionExecuted("action_listen"),
            UserUttered("…", {"name": intent, "confidence": 0.9}, parse_data={}),
        ]
        tracker = DialogueStateTracker.from_events("c_1.1", events, loaded.domain.slots)
        prediction = processor._predict_next_with_tracker(tracker)
        return prediction.probabilities, prediction.policy_name, prediction.events

    assert decide(ours) == decide(loaded)


def test_both_targets_can_be_asked_for_at_once(loaded, runner):
    targets = [loaded.model_metadata.nlu_target, loaded.model_metadata.core_target]
    tracker = DialogueStateTracker.from_events(
        "c_1.1", [ActionExecuted("action_listen")], loaded.domain.slots
    )
    inputs = {"__message__": [UserMessage("你好")], "__tracker__": tracker}
    results = runner.run(inputs, targets)
    expected = loaded.graph_runner.run(dict(inputs), targets)
    assert set(results) == set(expected) == set(targets)
    assert results[targets[1]].probabilities == expected[targets[1]].probabilities
    assert list(inputs) == ["__message__", "__tracker__"]


def test_a_missing_input_is_an_error(loaded, runner):
    with pytest.raises(KeyError, match="__message__"):
        runner.run({}, targets=[loaded.model_metadata.nlu_target])


def test_components_are_found_by_their_kind(runner):
    assert isinstance(runner.component(RulePolicy), RulePolicy)
    assert runner.component(KeywordIntentClassifier) is None
