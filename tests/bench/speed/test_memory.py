"""Drift is between the state after the warm-up and the end, of a process's own memory."""

import os

from bench.speed.memory import MemoryWatch, Sample


def watch(*samples: "tuple[int, float]") -> MemoryWatch:
    found = MemoryWatch(dict, lambda: 0)
    found.samples = [Sample(turns, {"gateway": mb}, {"gateway": 2 * mb}) for turns, mb in samples]
    return found


def test_what_grew_before_the_warm_up_does_not_count() -> None:
    drift = watch((0, 10.0), (200, 100.0), (250, 101.0), (950, 103.0), (1000, 106.0)).drift(200)
    assert drift == {"gateway": {"warm_mb": 100.5, "end_mb": 104.5, "drift_percent": 4.0}}


def test_a_single_peak_does_not_count() -> None:
    drift = watch((200, 100.0), (250, 900.0), (280, 100.0), (950, 100.0), (1000, 100.0)).drift(200)
    assert drift["gateway"]["drift_percent"] == 0.0


def test_a_real_process_has_memory_of_its_own() -> None:
    looking = MemoryWatch(lambda: {"test": os.getpid(), "gone": 2**22 + 1}, lambda: 7)
    looking.sample()
    (sample,) = looking.samples
    assert sample.turns == 7 and set(sample.own_mb) == {"test"}
    assert 0 < sample.own_mb["test"] <= sample.resident_mb["test"]
