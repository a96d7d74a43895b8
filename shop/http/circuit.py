"""Remembers that a shop's system does not answer, so that nobody waits for it in vain.

Step 6 of a message's way (act).
"""

import threading
from collections.abc import Callable

# So many calls in a row without an answer; then none is made for so long, and then a single one.
_FAILURES = 5
_REST_SECONDS = 5.0


class CircuitBreaker:
    """Lets calls through, or not; one for each system, used by several threads.

    Whoever was let through says afterwards how it went: ``answered`` or ``failed``.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0

    def admits(self) -> bool:
        """Tell whether a call may be made; after a rest one caller alone hears yes."""
        with self._lock:
            if self._failures < _FAILURES:
                return True
            if self._clock() < self._rests_until:
                return False
            # Should the one that tries now never come back, another may try after the next rest.
            self._rests_until = self._clock() + _REST_SECONDS
            return True

    def answered(self) -> None:
        """It is well."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """It did not answer."""
        with self._lock:
            self._failures += 1
            self._rests_until = self._clock() + _REST_SECONDS
