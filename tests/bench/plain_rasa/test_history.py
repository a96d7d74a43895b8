"""A tracker gets long by its own last turns."""

from typing import Any, Dict, List

from bench.plain_rasa.history import longer


def tracker(turns: int) -> List[Dict[str, Any]]:
    """A session's beginning and so many turns of three events each."""
    events = [{"event": "session_started", "timestamp": 1.0}]
    for turn in range(1, turns + 1):
        events += [
            {"event": "user", "text": f"question {turn}", "timestamp": 10.0 * turn},
            {"event": "bot", "text": f"answer {turn}", "timestamp": 10.0 * turn + 1},
            {"event": "action", "name": "action_listen", "timestamp": 10.0 * turn + 2},
        ]
    return events


def test_the_last_turns_are_repeated_until_it_is_long_enough() -> None:
    events = longer(tracker(4), repeat=2, turns=10)
    asked = [event["text"] for event in events if event["event"] == "user"]
    assert asked == ["question 1", "question 2"] + ["question 3", "question 4"] * 4
    assert events[:13] == tracker(4)
    assert len(events) == 1 + 10 * 3


def test_time_goes_on_and_stays_in_the_past() -> None:
    moments = [event["timestamp"] for event in longer(tracker(4), repeat=2, turns=10)]
    assert moments == sorted(moments) and len(set(moments)) == len(moments)
    assert moments[-1] < 43.0
