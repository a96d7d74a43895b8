"""The verifier: what went wrong in a conversation, judged by what both sides have in hand.

Knows nothing of the system under test: on one side what the shopper sent and was promised, on
the other the transcript, the shop's book of returns and the desk's tickets.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Optional, Tuple

SHOPPER, BOT, AGENT = "shopper", "bot", "agent"

LOST, DUPLICATED, REORDERED = "lost", "duplicated", "reordered"
DOUBLE_EFFECTS, SPOKE_OUT_OF_TURN = "double_effects", "spoke_out_of_turn"
KINDS = (LOST, DUPLICATED, REORDERED, DOUBLE_EFFECTS, SPOKE_OUT_OF_TURN)


@dataclass(frozen=True)
class Sent:
    """A message that was sent until it was answered or its sender gave up. Unix seconds.

    `settled_at` is when the door said that it was dealt with, None if it never did;
    `merged_into` is the later message that it was answered together with.
    """

    message_id: str
    sent_at: float
    settled_at: Optional[float]
    asks_for_person: bool = False
    merged_into: Optional[str] = None


@dataclass(frozen=True)
class Said:
    """An entry of the transcript.

    `message_id` is a shopper's own, or for the assistant's words the message that they answer.
    `returned` is the number of the return whose opening they announce.
    """

    seq: int
    sender: str
    text: str
    at: float
    message_id: Optional[str] = None
    returned: Optional[str] = None


@dataclass(frozen=True)
class Service:
    """A person's service, from the ticket to the giving back; Unix seconds, None if it never came.

    The assistant has to be silent after the entry that announced the queue or after `taken_at`,
    whichever is known, until `returning_at`, when the agent began to give the conversation back.
    """

    asked_for: bool
    opened_at: float
    announced_seq: Optional[int] = None
    taken_at: Optional[float] = None
    returning_at: Optional[float] = None
    returned_at: Optional[float] = None


@dataclass(frozen=True)
class Return:
    """A row of the shop's book of returns; `message_id` is the idempotency key."""

    rma_number: str
    order_number: str
    message_id: str


@dataclass
class Record:
    """Everything about one conversation. `sent` and `said` are in order."""

    conversation: str
    sent: List[Sent] = field(default_factory=list)
    said: List[Said] = field(default_factory=list)
    services: List[Service] = field(default_factory=list)
    returns: List[Return] = field(default_factory=list)
    agent_said: List[str] = field(default_factory=list)


@dataclass(frozen=True)
class Failure:
    """One thing that must not happen."""

    kind: str
    conversation: str
    what: str


def judge(record: Record) -> List[Failure]:
    """All failures of a conversation."""
    found = [*_lost(record), *_duplicated(record), *_reordered(record)]
    found += [*_double_effects(record), *_out_of_turn(record)]
    return [Failure(kind, record.conversation, what) for kind, what in found]


def _lost(record: Record) -> Iterator[Tuple[str, str]]:
    there = {said.message_id for said in record.said if said.sender == SHOPPER}
    answered = {said.message_id for said in record.said if said.sender == BOT} - {None}
    for sent in record.sent:
        if sent.message_id not in there:
            yield LOST, f"{sent.message_id} is not in the transcript"
        elif not answered & {sent.message_id, sent.merged_into} and not _kept_for_person(
            sent, record.services
        ):
            yield LOST, f"{sent.message_id} was not answered"
    by_agents = {said.text for said in record.said if said.sender == AGENT}
    for text in record.agent_said:
        if text not in by_agents:
            yield LOST, f"the agent's {text} is not in the transcript"
    booked = {entry.rma_number for entry in record.returns}
    for said in record.said:
        if said.returned and said.returned not in booked:
            yield LOST, f"{said.returned} was announced and is not in the shop"


def _kept_for_person(sent: Sent, services: List[Service]) -> bool:
    """Whether a person had or got the conversation while the message was on its way."""
    settled = sent.settled_at if sent.settled_at is not None else float("inf")
    return any(
        service.opened_at <= settled
        and (service.returned_at is None or service.returned_at >= sent.sent_at)
        for service in services
    )


def _duplicated(record: Record) -> Iterator[Tuple[str, str]]:
    own = Counter(said.message_id for said in record.said if said.sender == SHOPPER)
    expected = {sent.message_id for sent in record.sent}
    for message_id, times in own.items():
        if times > 1:
            yield DUPLICATED, f"{message_id} is {times} times in the transcript"
        if message_id not in expected:
            yield DUPLICATED, f"{message_id} was never sent by this shopper"
    replies = Counter((said.message_id, said.text) for said in record.said if said.sender == BOT)
    for (message_id, _), times in replies.items():
        if times > 1:
            yield DUPLICATED, f"a reply to {message_id} is {times} times in the transcript"
    for text, times in Counter(s.text for s in record.said if s.sender == AGENT).items():
        if times > 1:
            yield DUPLICATED, f"the agent's {text} is {times} times in the transcript"


def _reordered(record: Record) -> Iterator[Tuple[str, str]]:
    place = {sent.message_id: number for number, sent in enumerate(record.sent)}
    written: Dict[Optional[str], int] = {}
    newest_sent = newest_answered = -1
    for said in record.said:
        number = place.get(said.message_id or "")
        if number is None:
            continue
        if said.sender == SHOPPER:
            # A repetition is counted as such, not as disorder.
            if said.message_id not in written and number < newest_sent:
                yield REORDERED, f"{said.message_id} stands after a later message"
            written[said.message_id] = said.seq
            newest_sent = max(newest_sent, number)
        elif said.sender == BOT:
            if said.message_id not in written:
                yield REORDERED, f"the answer to {said.message_id} stands before it"
            if number < newest_answered:
                yield REORDERED, f"the answer to {said.message_id} stands after a later one"
            newest_answered = max(newest_answered, number)


def _double_effects(record: Record) -> Iterator[Tuple[str, str]]:
    for order, times in Counter(entry.order_number for entry in record.returns).items():
        if times > 1:
            yield DOUBLE_EFFECTS, f"order {order} has {times} returns"
    for message_id, times in Counter(entry.message_id for entry in record.returns).items():
        if times > 1:
            yield DOUBLE_EFFECTS, f"{message_id} opened {times} returns"
    asked = sum(sent.asks_for_person for sent in record.sent)
    given = sum(service.asked_for for service in record.services)
    if given > asked:
        yield DOUBLE_EFFECTS, f"{asked} times a person was asked for, {given} tickets were opened"


def _out_of_turn(record: Record) -> Iterator[Tuple[str, str]]:
    for said in record.said:
        if said.sender == BOT and any(_is_persons(said, service) for service in record.services):
            yield SPOKE_OUT_OF_TURN, f"the answer to {said.message_id} came in a person's time"


def _is_persons(said: Said, service: Service) -> bool:
    announced = service.announced_seq is not None and said.seq > service.announced_seq
    taken = service.taken_at is not None and said.at > service.taken_at
    over = service.returning_at is not None and said.at >= service.returning_at
    return (announced or taken) and not over
