"""What the assistant has promised a shopper, and whether it came true.

Step 6 of a message's way (act): written by actions, watched by the desk.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class PromiseState(str, Enum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"  # past its time; the desk has been told


@dataclass(frozen=True)
class Promise:
    """Something that a shopper was told would happen by ``due_at``.

    ``kind`` is what was promised: ``refund``, ``dispatch``, ``inquiry``, ``invoice``, ``resend``,
    ``exchange``, ``repair``, ``call_back``; ``reference`` is the number under which the shop knows
    it (a refund's, an inquiry's). ``id`` makes a repeated promise the same one.
    """

    id: str
    kind: str
    reference: str
    order_number: str
    actor: str
    conversation_id: str
    made_at: datetime
    due_at: datetime
    state: PromiseState = PromiseState.OPEN
