"""The window of a dialogue stands where Rasa's own tracker stands that has seen all of it."""

import json
from typing import Any, Dict, Iterator, List, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    Event,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant.dialogue import WINDOW_TURNS, DialogueWindow
from bot.assistant.turn_start import load_event

# The longest rule looks at as many states (config.yml, data/rules).
LONGEST_RULE = 3

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet, return_item, track_order, inform, deny, nlu_fallback]
entities: [order_number]
slots:
  requested_slot: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  order_number: {type: text, influence_conversation: true, mappings: [{type: custom}]}
  lines: {type: list, influence_conversation: true, mappings: [{type: custom}]}
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  tries: {type: float, initial_value: 3, influence_conversation: false, mappings: [{type: custom}]}
forms:
  return_form: {required_slots: [order_number, lines]}
  track_form: {required_slots: [order_number]}
responses:
  utter_hello: [{text: 你好}]
actions: [action_answer, action_tell, action_stop, action_fallback]
"""
)
FORMS = ["return_form", "track_form"]


def listen() -> ActionExecuted:
    return ActionExecuted("action_listen")


def said(text: str) -> BotUttered:
    return BotUttered(text, {"buttons": [{"title": "是", "payload": "/affirm"}]})


def asks() -> List[Event]:
    return [SlotSet("requested_slot", "order_number"), said("哪一单？")]


class Dialogue:
    """Writes turns as Rasa's processor would, keeping track of the active form."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.form: Any = None

    def message(self) -> List[Event]:
        intent = self.draw(st.sampled_from(DOMAIN.intents))
        text = self.draw(st.sampled_from(["你好", "XE20260001", "where is it", "不退了"]))
        entities = []
        if self.draw(st.booleans()):
            entities.append({"entity": "order_number", "value": "XE20260001"})
        uttered = UserUttered(text, {"name": intent, "confidence": 0.9}, entities)
        return [uttered, *self.slots()]

    def slots(self) -> List[Event]:
        values = {
            "order_number": st.sampled_from(["XE20260001", None]),
            "lines": st.sampled_from([[1], [1, 2], [], None]),
            "language": st.sampled_from(["zh", "en"]),
            "tries": st.sampled_from([3, 2, None]),
        }
        names = self.draw(st.lists(st.sampled_from(sorted(values)), max_size=2))
        events: List[Event] = [SlotSet(name, self.draw(values[name])) for name in names]
        if self.draw(st.integers(0, 30)) == 0:
            events.append(AllSlotsReset())
        return events

    def actions(self) -> List[Event]:
        names = st.sampled_from(["utter_hello", "action_answer", "action_tell"])
        events: List[Event] = []
        for name in self.draw(st.lists(names, min_size=1, max_size=4)):
            events += [ActionExecuted(name), said("好的"), *self.slots()]
        return events

    def turns(self) -> List[List[Event]]:
        """Turns of a kind, up to more than a window of them, and then others."""
        turns: List[List[Event]] = []
        for _ in range(self.draw(st.integers(1, 3))):
            ways = [self.plain, self.taken_back, self.other_form]
            if self.form:
                ways += [self.answered, self.asked_between, self.interrupted]
                ways += [self.left, self.finished]
            way = self.draw(st.sampled_from(ways))
            once = way in (self.left, self.finished)
            for _ in range(1 if once else self.draw(st.integers(1, WINDOW_TURNS + 1))):
                turns.append([*way(), listen()])
        return turns

    def rejection(self) -> List[Event]:
        return [ActionExecutionRejected(self.form)] if self.form else []

    def plain(self) -> List[Event]:
        return [*self.message(), *self.actions()]

    def taken_back(self) -> List[Event]:
        fallback = [ActionExecuted("action_fallback"), said("不清楚"), UserUtteranceReverted()]
        return [*self.message(), *self.rejection(), *fallback]

    def other_form(self) -> List[Event]:
        events = [*self.message(), *self.rejection()]
        self.form = self.draw(st.sampled_from([form for form in FORMS if form != self.form]))
        return [*events, ActionExecuted(self.form), ActiveLoop(self.form), *asks()]

    def answered(self) -> List[Event]:
        return [*self.message(), ActionExecuted(self.form), *self.slots(), *asks()]

    def asked_between(self) -> List[Event]:
        events = [*self.message(), *self.rejection(), *self.actions(), LoopInterrupted(True)]
        return [*events, ActionExecuted(self.form), *asks()]

    def interrupted(self) -> List[Event]:
        return [*self.message(), *self.rejection(), *self.actions()]

    def finished(self) -> List[Event]:
        events = [*self.message(), ActionExecuted(self.form), ActiveLoop(None)]
        self.form = None
        return [*events, SlotSet("requested_slot", None), *self.actions()]

    def left(self) -> List[Event]:
        events = [*self.message(), *self.rejection(), ActionExecuted("action_stop")]
        self.form = None
        return [*events, ActiveLoop(None), SlotSet("requested_slot", None), *self.actions()]


@st.composite
def dialogues(draw: Any) -> List[List[Event]]:
    """Turns, each with its events."""
    return Dialogue(draw).turns()


def whole_tracker() -> DialogueStateTracker:
    """Rasa's own tracker of a dialogue that has just begun."""
    tracker = DialogueStateTracker("c_1.1", DOMAIN.slots)
    for event in [ActionExecuted("action_session_start"), SessionStarted(), listen()]:
        tracker.update(event)
    return tracker


def stands(tracker: DialogueStateTracker) -> Dict[str, Any]:
    """Where a dialogue stands, as far as anything in Rasa asks for it."""
    loop = tracker.active_loop
    return {
        "slots": tracker.current_slot_values(),
        "loop": loop and (loop.name, loop.rejected, loop.is_interrupted),
        "latest_action": tracker.latest_action,
        "latest_message": tracker.latest_message,
        "followup_action": tracker.followup_action,
        "states": tracker.past_states(DOMAIN)[-LONGEST_RULE:],
        "applied": [
            event
            for event in tracker.applied_events()
            if isinstance(event, (ActionExecuted, UserUttered))
        ][-LONGEST_RULE:],
    }


def play(turns: List[List[Event]]) -> Iterator[Tuple[DialogueWindow, DialogueStateTracker]]:
    """The window and Rasa's tracker whenever something is decided: before and after each action."""
    window = DialogueWindow.restore("c_1.1", DOMAIN, version=0, rows=[])
    whole = whole_tracker()
    for turn in turns:
        window.begin_turn()
        for event in turn:
            if isinstance(event, ActionExecuted):
                yield window, whole
            window.update(event)
            whole.update(event)
        window.end_turn()
        window.version += 1
        yield window, whole


def remembered(turns: List[List[Event]]) -> Tuple[DialogueWindow, List[str]]:
    """A dialogue in memory, and its stored rows."""
    window = DialogueWindow.restore("c_1.1", DOMAIN, version=0, rows=[])
    rows: List[str] = []
    for turn in turns:
        window.begin_turn()
        for event in turn:
            window.update(event)
        rows = [*rows, window.end_turn()][-WINDOW_TURNS:]
        window.version += 1
    return window, rows


def read_back(window: DialogueWindow, rows: List[str]) -> DialogueWindow:
    return DialogueWindow.restore("c_1.1", DOMAIN, version=window.version, rows=rows)


@settings(max_examples=60, deadline=None)
@given(dialogues())
def test_at_every_moment_the_window_stands_where_rasas_own_tracker_stands(turns):
    for window, whole in play(turns):
        assert stands(window) == stands(whole)


@settings(max_examples=30, deadline=None)
@given(dialogues(), st.integers(1, 3))
def test_a_dialogue_read_back_goes_on_like_the_one_in_memory(turns, ahead):
    window, rows = remembered(turns[:-ahead])
    again = read_back(window, rows)
    assert stands(again) == stands(window)
    for turn in turns[-ahead:]:
        for one in (window, again):
            one.begin_turn()
            for event in turn:
                one.update(event)
        assert stands(again) == stands(window)
        # The same rows as well, whoever had the dialogue in memory.
        assert plain(again.end_turn()) == plain(window.end_turn())


def plain(row: str) -> Any:
    """A row's content, without the moments at which events were made up again."""

    def without_time(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: without_time(v) for k, v in value.items() if k != "timestamp"}
        return [without_time(item) for item in value] if isinstance(value, list) else value

    return without_time(json.loads(row))


def heard(intent: str, text: str) -> UserUttered:
    return UserUttered(text, {"name": intent, "confidence": 0.9})


def greeting() -> List[Event]:
    return [heard("greet", "你好"), ActionExecuted("utter_hello"), said("你好呀"), listen()]


def first_of_a_return() -> List[Event]:
    wish = heard("return_item", "我要退货")
    return [wish, ActionExecuted("return_form"), ActiveLoop("return_form"), *asks(), listen()]


def answer_in_a_return() -> List[Event]:
    return [heard("inform", "这一件"), ActionExecuted("return_form"), *asks(), listen()]


def end_of_a_return() -> List[Event]:
    done = [ActiveLoop(None), SlotSet("requested_slot", None), ActionExecuted("action_tell")]
    return [heard("inform", "就这些"), ActionExecuted("return_form"), *done, listen()]


def test_in_a_form_that_outlasts_the_window_the_message_that_began_it_still_counts():
    answers = [answer_in_a_return() for _ in range(3 * WINDOW_TURNS)]
    turns = [greeting(), first_of_a_return(), *answers]
    for window, whole in play([*turns, end_of_a_return(), greeting()]):
        assert stands(window) == stands(whole)
    window, rows = remembered(turns)
    for one in (window, read_back(window, rows)):
        assert one.past_states(DOMAIN)[-2]["user"]["intent"] == "return_item"


def taken_back() -> List[Event]:
    fallback = [ActionExecuted("action_fallback"), said("不清楚"), UserUtteranceReverted()]
    return [heard("nlu_fallback", "asdf"), *fallback, listen()]


def several() -> List[Event]:
    names = ["action_answer", "utter_hello", "action_tell", "utter_hello"]
    return [heard("greet", "你好"), *(ActionExecuted(name) for name in names), listen()]


def rejected_by_a_return() -> List[Event]:
    rejection = ActionExecutionRejected("return_form")
    return [heard("greet", "在吗"), rejection, ActionExecuted("utter_hello"), listen()]


@pytest.mark.parametrize(
    "first",
    [
        [several],
        [first_of_a_return, several],
        [first_of_a_return, rejected_by_a_return, several],
    ],
    ids=["after several actions", "in a form", "in a form that refused to go on"],
)
def test_after_many_messages_that_were_taken_back_the_last_one_before_them_still_counts(first):
    turns = [
        *(turn() for turn in first),
        *(taken_back() for _ in range(2 * WINDOW_TURNS)),
        greeting(),
    ]
    for window, whole in play(turns):
        assert stands(window) == stands(whole)


@pytest.mark.parametrize("turn", [greeting, answer_in_a_return])
def test_memory_and_rows_stay_small_however_long_a_dialogue_lasts(turn):
    first = [greeting(), first_of_a_return()] if turn is answer_in_a_return else []
    window, _ = remembered([*first, *(turn() for _ in range(200))])
    sizes = set()
    for _ in range(WINDOW_TURNS + 1):
        window.begin_turn()
        for event in turn():
            window.update(event)
        row = window.end_turn()
        sizes.add((len(window.events), len(window._before), len(window._turns)))
        assert len(row.encode()) < 8_000
    ((events, before, turns),) = sizes
    assert turns == WINDOW_TURNS
    assert before <= events <= WINDOW_TURNS * len(turn()) + 10


def test_a_copy_goes_its_own_way():
    turns = [greeting(), first_of_a_return()]
    window, rows = remembered(turns)
    before = stands(window)
    twin = window.copy()
    assert stands(twin) == before
    go_on(twin, [*answer_in_a_return(), SlotSet("lines", [2]), ActiveLoop(None), listen()])
    assert stands(window) == before
    after = stands(twin)
    for turn in [answer_in_a_return() for _ in range(WINDOW_TURNS)]:
        go_on(window, turn)
        turns.append(turn)
    assert stands(window) == stands(remembered(turns)[0])
    assert stands(twin) == after


def go_on(window: DialogueWindow, turn: List[Event]) -> None:
    window.begin_turn()
    for event in turn:
        window.update(event)
    window.end_turn()
    window.version += 1


@pytest.mark.parametrize(
    "event",
    [
        UserUttered(
            "XE20260001 到哪了",
            {"name": "track_order", "confidence": 0.93},
            [{"entity": "order_number", "value": "XE20260001", "start": 0, "end": 10}],
            {
                "text": "XE20260001 到哪了",
                "intent": {"name": "track_order", "confidence": 0.93},
                "entities": [
                    {"entity": "order_number", "value": "XE20260001", "start": 0, "end": 10}
                ],
            },
            input_channel="xiaoer",
            message_id="m-1",
            metadata={"language": "zh-Hans", "identity": {"customer_id": "C1001"}},
        ),
        BotUttered("Which order?", {"buttons": [{"title": "A", "payload": "/a"}]}, {"at": 1}),
        SlotSet("lines", [1, 2]),
        SlotSet("order_number", None),
        ActionExecuted("action_tell", "IndexedRulePolicy", 1.0, hide_rule_turn=True),
        ActionExecutionRejected("return_form", "IndexedRulePolicy", 1.0),
        ActiveLoop("return_form"),
        ActiveLoop(None),
        LoopInterrupted(True),
        SessionStarted(),
        Restarted(),
        AllSlotsReset(),
        UserUtteranceReverted(),
        ActionReverted(),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_comes_back_from_its_stored_form(event):
    stored = json.loads(json.dumps(event.as_dict()))
    assert load_event(stored) == event
    assert load_event(stored).as_dict() == event.as_dict()


@pytest.mark.parametrize("stored", [{}, {"event": None}, {"event": "topic"}, {"event": "x"}])
def test_what_is_no_event_is_refused(stored):
    with pytest.raises(ValueError):
        load_event(stored)
