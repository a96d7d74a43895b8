"""Every Redis key of the gateway, with its life and the reason for it.

A conversation's own keys share the hash tag `{id}`, so that a cluster keeps them on one node and
one script can change them together, and what is kept about a shopper is found by one search.
"""

from typing import Optional, Tuple

PREFIX = "xiaoer"

# Chats are kept as long as the privacy article says (180 days), counted from the last message.
CONVERSATION_SECONDS = 180 * 86_400
# A platform repeats a message within minutes, a phone that was offline within a day.
MESSAGE_SECONDS = 86_400
# As long as anybody could still call again with the same key.
IDEMPOTENCY_SECONDS = 7 * 86_400
# An answer waits only until the gateway has it; a gateway that died is replaced within seconds.
TURN_SECONDS = 3_600
# Longer than any pause within one dialogue; the gateway begins a new one long before.
TRACKER_SECONDS = 2 * 86_400
# Nobody holds a page or a token from before an erasure for longer; see lua/forget.lua.
ERASED_SECONDS = 86_400
# That something was erased may be asked for as long as claims can be raised: three years, the
# general limitation period (Civil Code of China, art. 188).
ERASURE_SECONDS = 3 * 366 * 86_400
# Votes and ratings kept of one conversation; who gives more repeats themselves.
MOST_FEEDBACK = 200
# Whoever tells the desk about a conversation is done within seconds, or dead.
TELLING_SECONDS = 60
# An agent's working day.
AGENT_SESSION_SECONDS = 12 * 3_600

# Conversations with waiting messages, scored by the moment (ms) from which a worker may take the
# a worker's lease is a score in the future. Lives as long as there is work.
READY = f"{PREFIX}:ready"
# Wakes a sleeping worker; the content is a hint, READY is the truth. Trimmed at each push.
WAKE = f"{PREFIX}:wake"
# Publish/subscribe channel for everything that open connections should show.
EVENTS = f"{PREFIX}:events"
# Prefix of what doors still have to deliver and of what they gave up; conversations as members.
OUTBOXES = f"{PREFIX}:outbox:"
# Prefix of the outboxes, one per push door: conversations with undelivered words, scored by the
# moment (ms) from which they may be tried; a relay's lease and the pause after a failed try are
# scores in the future. One per door, so that a door whose receiver is slow holds up no other.
# Lives as long as there is something to deliver.
OUTBOX = f"{OUTBOXES}to:"
# Conversations with dead letters by the moment (ms) of their newest one; so long are those kept.
DEAD_LETTERS = f"{OUTBOXES}dead"
# Agents' accounts: name -> JSON with the password's hash. Kept until removed.
AGENTS = f"{PREFIX}:agents"
# Waiting tickets by their place: the moment of opening less the head start of their priority
# (bot/desk/tickets.py). Lives as long as there are any.
QUEUE = f"{PREFIX}:desk:queue"
# Tickets that an agent has taken, by the moment of taking.
ASSIGNED = f"{PREFIX}:desk:assigned"
# Stream of erasures: how many of each kind, the digest of the conversation's id, nothing else.
ERASURES = f"{PREFIX}:erasures"
# Number of tickets made on a day, for readable ticket numbers.
TICKET_COUNT_SECONDS = 2 * 86_400


def conversation(conversation_id: str) -> str:
    """Hash: owner, owner_version, agent, seq, language, dialogue, fence, last_at, whose it is.

    And for its outbox: door, delivered, delivery_lease, delivery_tries.
    """
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


def outbox(door: str) -> str:
    """Sorted set: a push door's outbox."""
    return f"{OUTBOX}{door}"


def dead(conversation_id: str) -> str:
    """Hash: seq -> JSON of why and when it was given up; kept like the conversation."""
    return f"{PREFIX}:{{{conversation_id}}}:dead"


def replay(conversation_id: str) -> str:
    """Sorted set of seqs that are to be delivered once more; empty when they are."""
    return f"{PREFIX}:{{{conversation_id}}}:replay"


def buttons(conversation_id: str) -> str:
    """Hash: button id -> JSON of payload and title; only these may be pressed."""
    return f"{PREFIX}:{{{conversation_id}}}:buttons"


def tracker(conversation_id: str, dialogue: "int | str") -> str:
    """List of a dialogue's latest turns, `<version>|<row>` each; see assistant/dialogue.py."""
    return f"{PREFIX}:{{{conversation_id}}}:tracker:{dialogue}"


def answer(conversation_id: str, message_id: str) -> str:
    """What the assistant answered to a message, so that a repeated one acts only once."""
    return f"{PREFIX}:{{{conversation_id}}}:answer:{message_id}"


def pace(conversation_id: str) -> str:
    """Token bucket of a conversation's own messages; expires when it would be full again."""
    return f"{PREFIX}:{{{conversation_id}}}:pace"


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


def tickets(conversation_id: str) -> str:
    """Set of the numbers of all tickets that a conversation ever had, kept as long as the last."""
    return f"{PREFIX}:{{{conversation_id}}}:tickets"


def telling(conversation_id: str) -> str:
    """Held by the gateway that tells the desk about the conversation's broken promises."""
    return f"{PREFIX}:{{{conversation_id}}}:telling"


def ticket_count(day: str) -> str:
    """Counter of a day's tickets."""
    return f"{PREFIX}:desk:count:{day}"


def handoff(conversation_id: str, key: str) -> str:
    """Hash per idempotency key of a handoff: digest of the request, and the ticket it made."""
    return f"{PREFIX}:{{{conversation_id}}}:handoff:{key}"


def agent_session(token_digest: str) -> str:
    """Name of the agent signed in with a token; the token itself is not stored."""
    return f"{PREFIX}:desk:session:{token_digest}"


def naming(conversation_id: str) -> str:
    """Pattern for SCAN of the keys that name a conversation; `about` says which are its own."""
    return f"{PREFIX}:*{conversation_id}*"


def about(key: str, conversation_id: str) -> Optional[Tuple[str, str]]:
    """Kind and rest of a key about a conversation, None for any other key.

    Message ids are chosen outside, so a conversation's id may stand in the key of another one.
    """
    own = f"{PREFIX}:{{{conversation_id}}}:"
    if key.startswith(own):
        kind, _, rest = key[len(own) :].partition(":")
        return kind, rest
    # Names of earlier versions: Rasa's own tracker store, and the turns beside it.
    for kind in ("tracker", "turn"):
        earlier = f"{PREFIX}:{kind}:{conversation_id}."
        if key.startswith(earlier):
            return kind, key[len(earlier) :]
    return None
