"""Figures for Prometheus. No label ever holds a shopper, a conversation or a text."""

from prometheus_client import Counter, Histogram

MESSAGES = Counter("xiaoer_messages", "Messages by outcome at the door", ["outcome"])
TURNS = Counter("xiaoer_turns", "Turns by outcome", ["outcome"])
TURN_SECONDS = Histogram(
    "xiaoer_turn_seconds",
    "Time of an answered turn",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 8),
)
