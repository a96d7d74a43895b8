"""Turn 5 and turn 200 are compared by the same five questions."""

from typing import List

from bench.doors import Answer
from bench.shoppers import Shopper
from bench.speed.growth import LENGTH, Growth


class SlowingDoor:
    """Answers at once; remembers what was said, by session."""

    def __init__(self) -> None:
        self.sessions: List[List[str]] = [[]]

    async def send(self, shopper: Shopper, message_id: str, text: str, *, wait: float) -> Answer:
        self.sessions[-1].append(text)
        return Answer(["yes"] if len(self.sessions) < 9 else [])

    async def begin_anew(self, shopper: Shopper) -> None:
        self.sessions.append([])


async def test_both_windows_hold_the_same_questions() -> None:
    door = SlowingDoor()
    growth = Growth()
    await growth.converse(door, Shopper(1))
    (said,) = door.sessions
    assert len(said) == LENGTH
    assert sorted(said[2:7]) == sorted(said[195:200])
    assert (len(growth.early), len(growth.late), growth.errors) == (5, 5, 0)


async def test_five_sessions_have_forty_turns_each() -> None:
    door = SlowingDoor()
    await Growth().converse(door, Shopper(1), begin_anew=door.begin_anew)
    assert [len(session) for session in door.sessions] == [40] * 5


async def test_a_conversation_with_errors_counts_as_errors_and_not_as_time() -> None:
    door = SlowingDoor()
    door.sessions = [[] for _ in range(9)]
    growth = Growth()
    await growth.converse(door, Shopper(1))
    assert (growth.early, growth.errors) == ([], LENGTH)
    assert growth.summary()["ratio"] == 0.0


def test_the_ratio_is_that_of_the_medians() -> None:
    growth = Growth()
    growth.early = [0.010] * 4 + [9.0]
    growth.late = [0.011] * 4 + [0.001]
    assert growth.summary() == {
        "conversations": 1,
        "turn5_p50_ms": 10.0,
        "turn200_p50_ms": 11.0,
        "ratio": 1.1,
        "errors": 0,
    }
