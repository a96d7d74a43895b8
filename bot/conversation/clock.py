"""The clock of queues and leases."""

import time


def now_ms() -> int:
    """The present moment in milliseconds since 1970."""
    return int(time.time() * 1000)
