"""What the rules say to a request, by which rules, and what comes of it.

Step 6 of a message's way (act): made by ``shop.rights.assess``, told by the actions, kept with the
settlement.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Mapping

from shop.models import Payer, Remedy


class Outcome(str, Enum):
    """What may happen now."""

    ALLOWED = "allowed"
    DENIED = "denied"
    NEEDS_EVIDENCE = "needs_evidence"  # allowed once a person has seen a picture or a report
    NEEDS_PERSON = "needs_person"  # beyond what may be decided by rule


@dataclass(frozen=True)
class LineVerdict:
    """The verdict on pieces of one line; ``refund_cents`` and ``points`` come back for them."""

    line_id: int
    pieces: int
    outcome: Outcome
    rule: str
    refund_cents: int = 0
    points: int = 0

    @property
    def allowed(self) -> bool:
        """Tell whether it may go ahead for this line."""
        return self.outcome is Outcome.ALLOWED


@dataclass(frozen=True)
class Verdict:
    """The verdict on a request.

    ``rules`` are ids of ``rules.yml``, the deciding one first. ``facts`` are what its sentence
    names (days as ``date``, money in fen under names that end in ``_cents``). ``line_verdicts`` are
    sorted by line and name the pieces that are settled, gifts that go along included. What comes
    back: ``refund_cents`` (freight included), ``points``, ``coupon_cents`` as a new coupon (of a
    cancelled order: the one that was used). ``policy_version`` is that of the rules in force when
    the order was placed.
    """

    remedy: Remedy
    outcome: Outcome
    rules: tuple[str, ...]
    policy_version: str
    facts: Mapping[str, object] = field(default_factory=dict)
    line_verdicts: tuple[LineVerdict, ...] = ()
    refund_cents: int = 0
    points: int = 0
    coupon_cents: int = 0
    freight_paid_by: Payer | None = None

    @property
    def allowed(self) -> bool:
        """Tell whether it may go ahead now."""
        return self.outcome is Outcome.ALLOWED

    @property
    def rule(self) -> str:
        """The deciding rule."""
        return self.rules[0]
