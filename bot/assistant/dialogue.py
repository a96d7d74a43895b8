"""A dialogue as Rasa works on it: its tracker, over a window of the latest turns."""

import copy
import json
from collections import deque
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Deque, Dict, List, Optional, Sequence, Text, Tuple, Type

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker

# Longer than what policies look back (config.yml) and what actions read of it.
WINDOW_TURNS = 5


@dataclass(frozen=True)
class TurnStart:
    """The dialogue before a turn: set slots, the active form, and how many events follow."""

    slots: Dict[Text, Any]
    loop: Optional[Dict[Text, Any]]
    events: int = 0


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

    @classmethod
    def restore(
        cls, sender_id: Text, domain: Domain, *, version: int, rows: Sequence[Text]
    ) -> "DialogueWindow":
        """The dialogue from its stored rows; without any, a new one that listens."""
        tracker = cls(sender_id, domain)
        tracker.version = version
        turns = [json.loads(row) for row in rows]
        starts = [TurnStart(t["slots"], t["loop"], len(t["events"])) for t in turns]
        prefix = _recreate(starts[0]) if starts and version > len(starts) else []
        if not starts:
            prefix = _session_start()
        for event in [*prefix, *(load_event(e) for turn in turns for e in turn["events"])]:
            tracker.update(event)
        tracker._turns.extend(starts)
        return tracker

    def update(self, event: Event, domain: Optional[Domain] = None) -> None:
        """See parent class for the full docstring."""
        if isinstance(event, ActionExecuted):
            self._before[id(event)] = event, self._domain.get_active_state(self)
        super().update(event, domain)

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
            for state in [*states, self._domain.get_active_state(self)]
        ]

    def begin_turn(self) -> None:
        """Remember the state before a turn, and let the oldest turn of a full window go."""
        while len(self._turns) >= WINDOW_TURNS:
            self._turns.popleft()
            kept = sum(turn.events for turn in self._turns)
            recent = list(self.events)[len(self.events) - kept :]
            prefix = _recreate(self._turns[0] if self._turns else self._now())
            self.events: Deque[Event] = deque([*prefix, *recent])
            held = {id(event) for event in recent}
            self._before = {key: value for key, value in self._before.items() if key in held}
            # Nothing was done before the window, as far as rules can see.
            self._before[id(prefix[-1])] = prefix[-1], {}
        # A new dialogue's session start belongs to its first turn.
        seen = len(self.events) if self._turns or self.version else 0
        self._begun = seen
        self._turns.append(self._now())

    def end_turn(self) -> Text:
        """The row of the turn that was begun last, to be stored."""
        events = list(self.events)[self._begun :]
        self._turns[-1] = replace(self._turns[-1], events=len(events))
        start = self._turns[-1]
        row = {
            "slots": start.slots,
            "loop": start.loop,
            "events": [event.as_dict() for event in events],
        }
        return json.dumps(row, ensure_ascii=False)

    def copy(self) -> "DialogueWindow":
        """See parent class; copies the state instead of replaying all events."""
        twin = copy.copy(self)
        twin.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        twin.events = self.events.copy()
        twin._before = self._before.copy()
        twin.active_loop = replace(self.active_loop) if self.active_loop else None
        return twin

    def _now(self) -> TurnStart:
        slots = {name: slot.value for name, slot in self.slots.items() if slot.value is not None}
        loop = self.active_loop
        active = {"name": loop.name, "rejected": loop.rejected} if loop and loop.name else None
        return TurnStart(slots, active)


def _session_start() -> List[Event]:
    return [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


def _recreate(start: TurnStart) -> List[Event]:
    """Events after which a tracker stands where `start` says, listening."""
    events: List[Event] = [SlotSet(name, value) for name, value in start.slots.items()]
    if start.loop:
        events.append(ActiveLoop(start.loop["name"]))
        if start.loop["rejected"]:
            events.append(ActionExecutionRejected(start.loop["name"]))
    events.append(ActionExecuted(ACTION_LISTEN_NAME))
    return events


def load_event(stored: Dict[Text, Any]) -> Event:
    """An event from its stored form.

    Raises:
        ValueError: there is no such kind of event.
    """
    event = _event_class(str(stored.get("event")))._from_parameters(stored)
    if event is None:
        raise ValueError(f"not an event: {stored.get('event')}")
    return event


@lru_cache(maxsize=64)
def _event_class(name: Text) -> Type[Event]:
    # Rasa searches all subclasses anew for each event; there are few and they do not change.
    found = Event.resolve_by_type(name)
    if found is None:
        raise ValueError(f"not an event: {name}")
    return found
