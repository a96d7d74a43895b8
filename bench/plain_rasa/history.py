"""Makes a conversation with plain Rasa long without living through it.

Its turns become so slow that two hundred of them take a quarter of an hour. What a turn costs
depends on the events before it, so these are put into the tracker store: the last turns of the real
conversation, again and again.
"""

import json
from typing import Any, Dict, List

from bench.shoppers import Shopper
from bot.storage.connection import connect

Event = Dict[str, Any]
# Between two events of the past; all of them stay before the present.
_TICK = 1e-6


async def lengthen(redis_url: str, shopper: Shopper, *, repeat: int, turns: int) -> None:
    """Repeat the last `repeat` turns of a stored conversation until it has `turns`."""
    redis: Any = connect(redis_url)
    try:
        key = f"tracker:{shopper.customer_id}"
        stored = json.loads(await redis.get(key))
        stored["events"] = longer(stored["events"], repeat=repeat, turns=turns)
        await redis.set(key, json.dumps(stored))
    finally:
        await redis.close()


def longer(events: List[Event], *, repeat: int, turns: int) -> List[Event]:
    """The events with their last `repeat` turns once more and once more, `turns` in all."""
    begins = [place for place, event in enumerate(events) if event["event"] == "user"]
    last_turns = events[begins[-repeat] :]
    made = list(events)
    for _ in range((turns - len(begins)) // repeat):
        for event in last_turns:
            made.append({**event, "timestamp": made[-1]["timestamp"] + _TICK})
    return made
