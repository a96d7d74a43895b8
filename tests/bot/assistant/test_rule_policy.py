"""The index finds the same rules as Rasa's search through all of them."""

import copy
import itertools
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant import dialogue
from bot.assistant.dialogue import DialogueWindow
from bot.assistant.graph_runner import SequentialGraphRunner
from bot.assistant.rule_policy import IndexedRulePolicy, _by_sign

pytestmark = pytest.mark.timeout(300)

# More actions in a turn are a loop, not a dialogue.
MOST_ACTIONS = 4


@pytest.fixture(scope="module")
def indexed(loaded):
    """The policy of the trained model."""
    policy = SequentialGraphRunner(loaded.graph_runner).component(RulePolicy)
    assert isinstance(policy, IndexedRulePolicy)
    return policy


class PlainSearch(IndexedRulePolicy):
    """Rasa's own search through all rules, with what is ours of a form that was left."""

    _prediction_states = RulePolicy._prediction_states
    _get_possible_keys = RulePolicy._get_possible_keys


@pytest.fixture(scope="module")
def plain(indexed):
    """The policy without the index, with the same rules."""
    policy = PlainSearch(
        dict(indexed.config),
        indexed._model_storage,
        indexed._resource,
        ExecutionContext(GraphSchema({})),
        indexed.featurizer,
        indexed.lookup,
    )
    policy._reads_texts = indexed._reads_texts
    return policy


@pytest.fixture(scope="module")
def domain(loaded):
    return loaded.domain


@pytest.fixture(scope="module")
def same(indexed, plain, domain):
    """The prediction for a tracker, after both agree on it."""

    def agree(tracker, window=None):
        expected = plain.predict_action_probabilities(tracker, domain)
        for seen in (tracker, window or tracker):
            found = indexed.predict_action_probabilities(seen, domain)
            assert found.probabilities == expected.probabilities
            assert found.events == expected.events
            assert found.hide_rule_turn == expected.hide_rule_turn
            assert found.is_no_user_prediction == expected.is_no_user_prediction
            assert found.is_end_to_end_prediction == expected.is_end_to_end_prediction
        return expected

    return agree


def heard(intent):
    return UserUttered("…", {"name": intent, "confidence": 0.9}, parse_data={})


def begun(domain, form, *, rejected=False):
    """Events up to a message: the dialogue listens, within a form or not."""
    events = [ActionExecuted("action_listen")]
    if form:
        asked = [ActionExecuted(form), ActiveLoop(form), SlotSet("requested_slot", "order_number")]
        events += [heard("track_order"), *asked, ActionExecuted("action_listen")]
    return events


def test_the_index_is_of_the_trained_rules_and_the_window_remembers_enough_for_the_longest(indexed):
    assert sum(len(rules) for rules in indexed._index[id(indexed.lookup[RULES])].values()) > 80
    assert indexed._longest <= dialogue._SEEN_ACTIONS


def test_every_intent_in_every_form_is_followed_by_the_same_actions(domain, same):
    certain = 0
    for form, intent, rejected in itertools.product(
        [None, *domain.form_names], domain.intents, [False, True]
    ):
        if rejected and not form:
            continue
        events = [*begun(domain, form), heard(intent)]
        if rejected:
            events.append(ActionExecutionRejected(form))
        tracker = DialogueStateTracker.from_events("c_1.1", events, domain.slots)
        for _ in range(MOST_ACTIONS):
            prediction = same(tracker)
            certain += prediction.max_confidence == 1.0
            action = domain.action_names_or_texts[prediction.max_confidence_index]
            tracker.update(ActionExecuted(action, hide_rule_turn=prediction.hide_rule_turn))
            if action == "action_listen":
                break
            if action == "action_deactivate_loop":
                tracker.update(ActiveLoop(None))
            elif action in domain.form_names:
                tracker.update(ActiveLoop(action))
    assert certain > 200


def test_every_previous_action_is_followed_by_the_same_action(domain, same):
    for form, action in itertools.product([None, *domain.form_names], domain.action_names_or_texts):
        for intent in ("inform", "deny"):
            events = [*begun(domain, form), heard(intent), ActionExecuted(action)]
            same(DialogueStateTracker.from_events("c_1.1", events, domain.slots))


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whole_dialogues_are_decided_the_same_in_the_window(data, domain, same):
    window = DialogueWindow.restore("c_1.1", domain, version=0, rows=[])
    whole = DialogueStateTracker.from_events("c_1.1", list(window.events), domain.slots)

    def update(*events):
        for event in events:
            window.update(event)
            whole.update(event)

    for intent in data.draw(st.lists(st.sampled_from(domain.intents), min_size=1, max_size=8)):
        window.begin_turn()
        update(heard(intent))
        for _ in range(MOST_ACTIONS):
            prediction = same(whole, window)
            action = domain.action_names_or_texts[prediction.max_confidence_index]
            if action in domain.form_names and data.draw(st.booleans()):
                update(ActionExecutionRejected(action))
                continue
            update(*prediction.events, ActionExecuted(action))
            if action in domain.form_names:
                ended = data.draw(st.integers(0, 3)) == 0
                update(ActiveLoop(action), *([ActiveLoop(None)] if ended else []))
            elif action == "action_deactivate_loop":
                update(ActiveLoop(None))
            elif action == "action_listen":
                break
        else:
            update(ActionExecuted("action_listen"))
        window.end_turn()
        window.version += 1


def after(domain, form, intent, *actions):
    """A form that could make nothing of a message, and what was done since."""
    events = [*begun(domain, form), heard(intent), ActionExecutionRejected(form)]
    events += [ActionExecuted(action) for action in actions]
    return DialogueStateTracker.from_events("c_1.1", events, domain.slots)


@pytest.mark.parametrize("intent", ["inform", "affirm", "greet", "thanks", "return_item"])
def test_an_answer_that_did_not_fit_is_asked_for_again(domain, same, intent):
    def named(tracker):
        return domain.action_names_or_texts[same(tracker).max_confidence_index]

    assert named(after(domain, "return_form", intent)) == "utter_form_again"
    assert named(after(domain, "return_form", intent, "utter_form_again")) == "return_form"


@pytest.mark.parametrize("intent", ["shipping_fee_policy", "return_policy", "nlu_fallback"])
def test_a_form_goes_on_after_a_question_was_answered(domain, same, intent):
    def named(tracker):
        return domain.action_names_or_texts[same(tracker).max_confidence_index]

    assert named(after(domain, "return_form", intent)) == "action_answer_question"
    answered = after(domain, "return_form", intent, "action_answer_question")
    assert named(answered) == "return_form"


@pytest.mark.parametrize(
    ("intent", "look_up"),
    [("track_order", "action_look_up_order"), ("refund_status", "action_look_up_refund")],
)
def test_what_only_looks_something_up_does_not_end_a_form(domain, same, intent, look_up):
    def named(tracker):
        return domain.action_names_or_texts[same(tracker).max_confidence_index]

    assert named(after(domain, "return_form", intent)) == look_up
    assert named(after(domain, "return_form", intent, look_up)) == "return_form"


def test_of_two_look_ups_the_second_takes_the_place_of_the_first(domain, same):
    tracker = after(domain, "refund_status_form", "track_order")
    assert domain.action_names_or_texts[same(tracker).max_confidence_index] == "track_order_form"


def test_a_dialogue_without_any_action_is_decided_the_same(domain, same):
    same(DialogueStateTracker("c_1.1", domain.slots))
    same(DialogueStateTracker.from_events("c_1.1", [heard("greet")], domain.slots))


def part(name, key, values):
    """A part of a state, or nothing."""
    return st.sampled_from([{}, *({name: {key: value}} for value in values)])


# Rules that nobody wrote yet: without an intent, without an action before, at a dialogue's start.
STATES = st.tuples(
    part("prev_action", "action_name", ["action_listen", "utter_greet"]),
    part("user", "intent", ["greet", "deny"]),
    part("active_loop", "name", ["return_form", "should_not_be_set"]),
    part("slots", "lines", [[1.0], "should_not_be_set"]),
).map(lambda parts: {name: value for part in parts for name, value in part.items()})
RULES_OF_ANY_KIND = st.lists(st.lists(STATES, min_size=1, max_size=3), max_size=12)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rules=RULES_OF_ANY_KIND, states=st.lists(STATES, min_size=1, max_size=4))
def test_rules_of_any_kind_are_found(indexed, rules, states):
    lookup = {json.dumps(rule, sort_keys=True): "utter_greet" for rule in rules}
    policy = copy.copy(indexed)
    policy._index = {id(lookup): _by_sign(lookup)}
    found = policy._get_possible_keys(lookup, states)
    assert found == RulePolicy._get_possible_keys(policy, lookup, states)
