"""Every Redis key of the gateway, with its life and the reason for it.

A conversation's own keys share the hash tag `{id}`, so that a cluster keeps them on one node and
one script can change them together.
"""

PREFIX = "xiaoer"

# Chats are kept as long as the privacy article says (180 days), counted from the last message.
CONVERSATION_SECONDS = 180 * 86_400
# A platform repeats a message within minutes, a phone that was offline within a day.
MESSAGE_SECONDS = 86_400
# As long as anybody could still call again with the same key.
IDEMPOTENCY_SECONDS = 7 * 86_400
# A finished turn is asked for again only while its message is being retried.
TURN_SECONDS = 3_600
# Votes and ratings kept of one conversation; who gives more repeats themselves.
MOST_FEEDBACK = 200
# An agent's working day.
AGENT_SESSION_SECONDS = 12 * 3_600

# Conversations with waiting messages, scored by the moment (ms) from which a worker may take the
# a worker's lease is a score in the future. Lives as long as there is work.
READY = f"{PREFIX}:ready"
# Wakes a sleeping worker; the content is a hint, READY is the truth. Trimmed at each push.
WAKE = f"{PREFIX}:wake"
# Publish/subscribe channel for everything that open connections should show.
EVENTS = f"{PREFIX}:events"
# Agents' accounts: name -> JSON with the password's hash. Kept until removed.
AGENTS = f"{PREFIX}:agents"
# Open tickets by the moment at which they were opened. Lives as long as there are any.
QUEUE = f"{PREFIX}:desk:queue"
# Tickets that an agent has taken, by the moment of taking.
ASSIGNED = f"{PREFIX}:desk:assigned"
# Number of tickets made on a day, for readable ticket numbers.
TICKET_COUNT_SECONDS = 2 * 86_400


def conversation(conversation_id: str) -> str:
    """Hash: owner, owner_version, agent, seq, language, dialogue, fence, last_at, whose it is."""
    return f"{PREFIX}:{{{conversation_id}}}:state"


def transcript(conversation_id: str) -> str:
    """Stream of everything said, entry ids are `<seq>-0`."""
    return f"{PREFIX}:{{{conversation_id}}}:transcript"


def inbox(conversation_id: str) -> str:
    """List of `<seq>|<message_id>` accepted and not yet dealt with, oldest first."""
    return f"{PREFIX}:{{{conversation_id}}}:inbox"


def message(conversation_id: str, message_id: str) -> str:
    """Hash per message id: digest of its body, seq, and the last seq of its replies when done."""
    return f"{PREFIX}:{{{conversation_id}}}:message:{message_id}"


def once(conversation_id: str, what: str) -> str:
    """Hash: what an agent or the system said under an id, apart from shoppers' own ids."""
    return f"{PREFIX}:{{{conversation_id}}}:once:{what}"


def buttons(conversation_id: str) -> str:
    """Hash: button id -> JSON of payload and title; only these may be pressed."""
    return f"{PREFIX}:{{{conversation_id}}}:buttons"


def turn(dialogue_id: str, message_id: str) -> str:
    """What the assistant answered to a message, so that a repeated one acts only once."""
    return f"{PREFIX}:turn:{dialogue_id}:{message_id}"


def limit(kind: str, who: str) -> str:
    """Token bucket of one shopper or address; expires when it would be full again."""
    return f"{PREFIX}:limit:{kind}:{who}"


def feedback(conversation_id: str) -> str:
    """List of votes and ratings, kept with the conversation."""
    return f"{PREFIX}:{{{conversation_id}}}:feedback"


def ticket(ticket_id: str) -> str:
    """JSON of a ticket, kept as long as the conversation."""
    return f"{PREFIX}:desk:ticket:{ticket_id}"


def open_ticket(conversation_id: str) -> str:
    """The open ticket of a conversation; gone when it is closed."""
    return f"{PREFIX}:desk:open:{conversation_id}"


def ticket_count(day: str) -> str:
    """Counter of a day's tickets."""
    return f"{PREFIX}:desk:count:{day}"


def idempotency(key: str) -> str:
    """Digest and answer of a handoff request."""
    return f"{PREFIX}:idempotency:{key}"


def agent_session(token_digest: str) -> str:
    """Name of the agent signed in with a token; the token itself is not stored."""
    return f"{PREFIX}:desk:session:{token_digest}"
