"""The verifier finds each kind of failure in hand-written transcripts, and none in whole ones."""

from dataclasses import replace
from typing import Any, List

import pytest

from bench.chaos.verdict import (
    AGENT,
    BOT,
    DOUBLE_EFFECTS,
    DUPLICATED,
    LOST,
    REORDERED,
    SHOPPER,
    SPOKE_OUT_OF_TURN,
    Record,
    Return,
    Said,
    Sent,
    Service,
    judge,
)


def sent(number: int, **more: Any) -> Sent:
    """Message `m<number>`, sent at second 10 × number and dealt with a second later."""
    return Sent(f"m{number}", 10.0 * number, 10.0 * number + 1, **more)


def said(*lines: "tuple[str, str, str]") -> List[Said]:
    """A transcript: (sender, text, message id) in order, an entry every five seconds from 10 on."""
    return [
        Said(seq, sender, text, 5.0 + 5.0 * seq, message_id or None)
        for seq, (sender, text, message_id) in enumerate(lines, start=1)
    ]


def whole() -> Record:
    """Two messages, each with its answer."""
    return Record(
        "c",
        sent=[sent(1), sent(2)],
        said=said(
            (SHOPPER, "你好", "m1"),
            (BOT, "你好呀", "m1"),
            (SHOPPER, "where is it", "m2"),
            (BOT, "On its way", "m2"),
            (BOT, "Anything else?", "m2"),
        ),
    )


def kinds(record: Record) -> List[str]:
    """The kinds of the failures found, in order."""
    return [failure.kind for failure in judge(record)]


def without(record: Record, *seqs: int) -> Record:
    """The record with these entries missing from its transcript."""
    return replace(record, said=[entry for entry in record.said if entry.seq not in seqs])


def test_a_whole_conversation_has_no_failures() -> None:
    assert judge(whole()) == []


def test_a_message_that_is_not_in_the_transcript_is_lost() -> None:
    failures = judge(without(whole(), 3, 4, 5))
    assert [(f.kind, f.conversation, f.what) for f in failures] == [
        (LOST, "c", "m2 is not in the transcript")
    ]


def test_a_message_that_was_given_up_is_lost_too() -> None:
    record = without(whole(), 3, 4, 5)
    record.sent[1] = replace(record.sent[1], settled_at=None)
    assert kinds(record) == [LOST]


def test_a_message_without_an_answer_is_lost() -> None:
    assert kinds(without(whole(), 4, 5)) == [LOST]


def test_what_was_merged_is_answered_with_the_later_message() -> None:
    record = without(whole(), 2)
    record.sent[0] = sent(1, merged_into="m2")
    assert judge(record) == []
    assert kinds(without(record, 4, 5)) == [LOST, LOST]


@pytest.mark.parametrize(
    ("service", "failures"),
    [
        (Service(False, opened_at=15.0), []),
        (Service(False, opened_at=20.5), []),  # its own turn was what got the person
        (Service(False, opened_at=15.0, taken_at=16.0, returning_at=20.1, returned_at=20.2), []),
        (Service(False, opened_at=21.5), [LOST]),  # after the silence
        (Service(False, opened_at=5.0, taken_at=6.0, returning_at=7.0, returned_at=8.0), [LOST]),
    ],
)
def test_a_message_kept_for_a_person_is_not_lost(service: Service, failures: List[str]) -> None:
    record = without(whole(), 2, 4, 5)
    record.said.append(Said(9, BOT, "你好呀", 11.0, "m1"))
    record.said.sort(key=lambda entry: entry.at)
    record.services = [service]
    assert kinds(record) == failures


def test_an_agents_words_are_there_once() -> None:
    record = whole()
    record.agent_said = ["I'll look into it"]
    assert kinds(record) == [LOST]
    record.said.append(Said(6, AGENT, "I'll look into it", 40.0))
    assert judge(record) == []
    record.said.append(Said(7, AGENT, "I'll look into it", 41.0))
    assert kinds(record) == [DUPLICATED]


def test_a_message_that_is_twice_in_the_transcript_is_duplicated() -> None:
    record = whole()
    record.said.insert(2, Said(2, SHOPPER, "你好", 16.0, "m1"))
    assert kinds(record) == [DUPLICATED]


def test_a_message_that_nobody_sent_is_duplicated() -> None:
    record = whole()
    record.said.append(Said(6, SHOPPER, "你好", 40.0, "m9"))
    assert kinds(record) == [DUPLICATED]


def test_the_same_reply_twice_is_duplicated_but_two_replies_are_not() -> None:
    record = whole()
    record.said.append(Said(6, BOT, "On its way", 40.0, "m2"))
    assert kinds(record) == [DUPLICATED]


def test_messages_out_of_sending_order_are_reordered() -> None:
    record = whole()
    record.said = record.said[2:] + record.said[:2]
    assert kinds(record) == [REORDERED, REORDERED]


def test_an_answer_before_its_message_or_after_a_later_one_is_reordered() -> None:
    record = whole()
    first, answer, *others = record.said
    assert kinds(replace(record, said=[answer, first, *others])) == [REORDERED]
    assert kinds(replace(record, said=[first, *others, answer])) == [REORDERED]


def test_two_returns_of_an_order_or_of_a_message_are_double_effects() -> None:
    record = whole()
    record.returns = [Return("RMA1", "XE1", "m1")]
    assert judge(record) == []
    record.returns.append(Return("RMA2", "XE1", "m2"))
    assert kinds(record) == [DOUBLE_EFFECTS]
    record.returns[1] = Return("RMA2", "XE2", "m1")
    assert kinds(record) == [DOUBLE_EFFECTS]


def test_two_tickets_for_one_wish_are_a_double_effect() -> None:
    record = whole()
    record.sent[1] = sent(2, asks_for_person=True)
    record.services = [Service(True, opened_at=40.0)]
    assert judge(record) == []
    record.services.append(Service(True, opened_at=50.0))
    assert kinds(record) == [DOUBLE_EFFECTS]
    record.services[1] = Service(False, opened_at=50.0)
    assert judge(record) == []


def test_a_return_that_was_announced_and_never_booked_is_lost() -> None:
    record = whole()
    record.said[3] = replace(record.said[3], returned="RMA1")
    assert kinds(record) == [LOST]
    record.returns = [Return("RMA1", "XE1", "m2")]
    assert judge(record) == []


@pytest.mark.parametrize(
    ("service", "failures"),
    [
        (Service(True, opened_at=12.0, announced_seq=3), [SPOKE_OUT_OF_TURN] * 2),
        (Service(True, opened_at=12.0, taken_at=22.0), [SPOKE_OUT_OF_TURN] * 2),
        (
            Service(True, opened_at=12.0, taken_at=12.0, returning_at=22.0, returned_at=23.0),
            [SPOKE_OUT_OF_TURN],
        ),
        (Service(True, opened_at=16.0, taken_at=17.0, returning_at=24.0, returned_at=26.0), []),
        (Service(True, opened_at=40.0, announced_seq=6), []),
    ],
)
def test_the_assistant_is_silent_while_a_person_has_the_conversation(
    service: Service, failures: List[str]
) -> None:
    record = whole()
    record.sent[0] = sent(1, asks_for_person=True)
    record.services = [service]
    assert kinds(record) == failures
