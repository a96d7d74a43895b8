"""A dialogue as Rasa works on it: its tracker, over a window of the latest turns."""

import copy
import json
from collections import deque
from dataclasses import replace
from typing import Any, Deque, Dict, Iterable, List, Optional, Sequence, Text, Tuple

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    SessionStarted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant.turn_start import TurnStart, load_event

# Longer than what policies look back (config.yml) and what actions read of it.
WINDOW_TURNS = 5
# What makes states, and decides whether a form goes on; as many actions as the longest rule has
# states, for the last one is a listening that goes when a form or the fallback takes a turn back.
_SEEN = (ActionExecuted, ActionExecutionRejected, ActiveLoop, UserUttered)
_SEEN_ACTIONS = 3


class DialogueWindow(DialogueStateTracker):
    """Rasa's tracker whose events are those of the latest turns.

    In front of them stand a few that recreate the state before the first of these turns, so that a
    replay from the start (which Rasa does when something is taken back) ends in the same state.
    `version` counts the turns stored so far.
    """

    def __init__(self, sender_id: Text, domain: Domain) -> None:
        super().__init__(sender_id, domain.slots)
        self.version = 0
        self._domain = domain
        self._turns: Deque[TurnStart] = deque()
        self._begun = 0
        # The state before each action, which Rasa's policies ask for again at every prediction.
        self._before: Dict[int, Tuple[Event, State]] = {}
        # The message that counts for them: answers within a form are forgotten with the next one.
        self._heard: Optional[UserUttered] = self.latest_message

    @classmethod
    def restore(
        cls, sender_id: Text, domain: Domain, *, version: int, rows: Sequence[Text]
    ) -> "DialogueWindow":
        """The dialogue from its stored rows; without any, a new one that listens."""
        tracker = cls(sender_id, domain)
        tracker.version = version
        turns = [json.loads(row) for row in rows]
        starts = [TurnStart.load(turn) for turn in turns]
        if not starts:
            tracker._replay(_session_start())
        elif version > len(starts):
            tracker._replay(starts[0].recreate())
            tracker._remember(starts[0])
        tracker._replay(load_event(event) for turn in turns for event in turn["events"])
        tracker._turns.extend(starts)
        return tracker

    def _replay(self, events: Iterable[Event]) -> None:
        for event in events:
            self.update(event)

    def update(self, event: Event, domain: Optional[Domain] = None) -> None:
        """See parent class for the full docstring."""
        if isinstance(event, ActionExecuted):
            self._before[id(event)] = event, self._state()
        known = self.latest_message
        super().update(event, domain)
        if self.latest_message is not known:
            self._heard = self.latest_message
        elif isinstance(event, ActionExecuted) and event.action_name in self._domain.form_names:
            applied = reversed(self.applied_events())
            self._heard = next((e for e in applied if isinstance(e, UserUttered)), self._heard)

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: Optional[Dict[Text, Any]] = None,
    ) -> List[State]:
        """See parent class; as rules see it, from what was remembered instead of a replay."""
        if omit_unset_slots or ignore_rule_only_turns:
            return super().past_states(
                domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data
            )
        actions = [event for event in self.applied_events() if isinstance(event, ActionExecuted)]
        states = [self._before[id(action)][1] for action in actions]
        # Featurizers change what they are given.
        return [
            {name: dict(part) for name, part in state.items()}  # type: ignore[call-overload]
            for state in [*states, self._state()]
        ]

    def _state(self) -> State:
        """The present state, as a replay of the applied events would end in it."""
        seen: Any = self
        if self._heard is not self.latest_message:
            seen = copy.copy(self)
            seen.latest_message = self._heard
        return self._domain.get_active_state(seen)

    def begin_turn(self) -> None:
        """Remember the state before a turn, and let the oldest turn of a full window go."""
        start = self._now()
        while len(self._turns) >= WINDOW_TURNS:
            self._turns.popleft()
            kept = sum(turn.events for turn in self._turns)
            recent = list(self.events)[len(self.events) - kept :]
            first = self._turns[0] if self._turns else start
            self.events: Deque[Event] = deque([*first.recreate(), *recent])
            held = {id(event) for event in recent}
            self._before = {key: value for key, value in self._before.items() if key in held}
            self._remember(first)
        # A new dialogue's session start belongs to its first turn.
        self._begun = len(self.events) if self._turns or self.version else 0
        self._turns.append(start)

    def end_turn(self) -> Text:
        """The row of the turn that was begun last, to be stored."""
        events = list(self.events)[self._begun :]
        self._turns[-1] = replace(self._turns[-1], events=len(events))
        row = {**self._turns[-1].as_dict(), "events": [event.as_dict() for event in events]}
        return json.dumps(row, ensure_ascii=False)

    def copy(self) -> "DialogueWindow":
        """See parent class; copies the state instead of replaying all events."""
        twin = copy.copy(self)
        twin.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        twin.events = self.events.copy()
        twin._turns = self._turns.copy()
        twin._before = self._before.copy()
        twin.active_loop = replace(self.active_loop) if self.active_loop else None
        return twin

    def _now(self) -> TurnStart:
        changed = (slot for slot in self.slots.values() if slot.value != slot.initial_value)
        seen: Deque[Event] = deque()
        actions = messages = 0
        for event in reversed(self.applied_events()):
            if isinstance(event, _SEEN):
                seen.appendleft(event)
            actions += isinstance(event, ActionExecuted)
            messages += isinstance(event, UserUttered)
            if actions >= _SEEN_ACTIONS and messages:
                break
        events = [*self._form_begun_before(seen), *seen]
        states = (self._before.get(id(event), (event, None))[1] for event in events)
        return TurnStart({slot.name: slot.value for slot in changed}, list(zip(events, states)))

    def _form_begun_before(self, seen: Iterable[Event]) -> List[Event]:
        """What these events lack of the active form's beginning."""
        loop = self.active_loop
        if loop is None or loop.name is None:
            return []
        begun: List[Event] = []
        if not any(isinstance(event, ActiveLoop) for event in seen):
            begun.append(ActiveLoop(loop.name))
        rejections = [e.action_name for e in seen if isinstance(e, ActionExecutionRejected)]
        if loop.rejected and loop.name not in rejections:
            begun.append(ActionExecutionRejected(loop.name))
        return begun

    def _remember(self, start: TurnStart) -> None:
        """States before actions that are seen without what led to them."""
        for event, state in start.seen:
            if state is not None:
                self._before[id(event)] = event, state


def _session_start() -> List[Event]:
    return [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]
