"""Figures for Prometheus. No label ever holds a shopper, a conversation or a text."""

from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter("xiaoer_messages", "Messages by outcome at the door", ["outcome"])
TURNS = Counter("xiaoer_turns", "Turns by outcome", ["outcome"])
TURN_SECONDS = Histogram(
    "xiaoer_turn_seconds",
    "Time of an answered turn",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 8),
)
DELIVERIES = Counter("xiaoer_deliveries", "Tries to push a word, by outcome", ["door", "outcome"])
OUTBOX_WAITING = Gauge("xiaoer_outbox_waiting", "Conversations with undelivered words", ["door"])
CONVERSATIONS_WITH_DEAD_LETTERS = Gauge(
    "xiaoer_outbox_dead", "Conversations with words that were given up"
)
PROMISES = Counter("xiaoer_promises", "Promises by what became of them", ["kind", "state"])
