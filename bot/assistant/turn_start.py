"""Where a dialogue stood before a turn, small enough to be stored with each turn."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Dict, List, Optional, Text, Tuple, Type

from rasa.shared.core.domain import State
from rasa.shared.core.events import Event, SlotSet


@dataclass(frozen=True)
class TurnStart:
    """The dialogue before a turn, and how many events follow.

    `slots` are those that differ from their initial values; `seen` are the latest events that
    policies and forms look back to, each action with the state before it.
    """

    slots: Dict[Text, Any]
    seen: List[Tuple[Event, Optional[State]]]
    events: int = 0

    @classmethod
    def load(cls, row: Dict[Text, Any]) -> "TurnStart":
        """A turn's beginning from its stored row; the opposite of `as_dict`."""
        seen = [(load_event(event), state and _load_state(state)) for event, state in row["seen"]]
        return cls(row["slots"], seen, len(row["events"]))

    def as_dict(self) -> Dict[Text, Any]:
        """Its stored form, without the events that follow."""
        seen = [[event.as_dict(), state] for event, state in self.seen]
        return {"slots": self.slots, "seen": seen}

    def recreate(self) -> List[Event]:
        """Events after which an empty tracker stands where the turn began."""
        slots: List[Event] = [SlotSet(name, value) for name, value in self.slots.items()]
        return [*slots, *(event for event, _ in self.seen)]


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


def _load_state(stored: Dict[Text, Dict[Text, Any]]) -> State:
    """A state from its stored form, in which tuples have become lists."""
    return {
        name: {key: tuple(v) if isinstance(v, list) else v for key, v in part.items()}
        for name, part in stored.items()
    }
