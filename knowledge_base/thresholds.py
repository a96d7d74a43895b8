"""From which score on an article is the answer, and from which it is offered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Thresholds:
    """``answer`` >= ``offer``; between them the shopper is asked which article is meant."""

    answer: float
    offer: float
