"""Whether a long conversation is slower than a short one.

Each conversation is held alone, one after another, systems in turn. Its lines repeat every five
turns, so that the turns 3 to 7 and the turns 196 to 200 are the same five questions: the medians
of these two windows over all conversations stand for turn 5 and turn 200. Both ends of one
conversation are seconds apart, which leaves out what else the machine does.
"""

from statistics import median
from typing import Any, Awaitable, Callable, Dict, List, Optional, Sequence

from bench.doors import Door
from bench.shoppers import Shopper
from bench.speed.load import Load, conversation

LENGTH = 200
_LINES = [
    "七天无理由退货是怎么算的？",
    "帮我查一下订单{travelling}",
    "运费一般是多少钱？",
    "好的，谢谢",
    "会员积分怎么用？",
]
CYCLE = len(_LINES)
_EARLY, _LATE = slice(2, 2 + CYCLE), slice(-CYCLE, None)

# Which turns are held in one go: all; five sessions; the two ends, when what lies between them is
# put into the history.
WHOLE = [slice(0, LENGTH)]
SESSIONS = [slice(first, first + 40) for first in range(0, LENGTH, 40)]
ENDS = [slice(0, 20), slice(LENGTH - CYCLE, LENGTH)]

# Does something to a shopper's conversation between two stretches.
Between = Callable[[Shopper], Awaitable[None]]


class Growth:
    """Times of early and late turns over several conversations of one system."""

    def __init__(self) -> None:
        self.early: List[float] = []
        self.late: List[float] = []
        self.errors = 0

    async def converse(
        self,
        door: Door,
        shopper: Shopper,
        *,
        stretches: Sequence[slice] = WHOLE,
        between: Optional[Between] = None,
    ) -> None:
        """Hold one conversation of 200 turns in these stretches."""
        said = [_LINES[n % CYCLE].format(travelling=shopper.travelling) for n in range(LENGTH)]
        load = Load()
        for number, stretch in enumerate(stretches):
            if number and between:
                await between(shopper)
            await conversation(door, shopper, said[stretch], load)
        self.errors += len(load.failures)
        if not load.failures:
            self.early += load.seconds[_EARLY]
            self.late += load.seconds[_LATE]

    def summary(self) -> Dict[str, Any]:
        """The figures as reports hold them."""
        early, late = _median_ms(self.early), _median_ms(self.late)
        return {
            "conversations": len(self.early) // CYCLE,
            "turn5_p50_ms": round(early, 1),
            "turn200_p50_ms": round(late, 1),
            "ratio": round(late / early, 3) if early else 0.0,
            "errors": self.errors,
        }


def _median_ms(seconds: List[float]) -> float:
    return 1000 * median(seconds) if seconds else 0.0
