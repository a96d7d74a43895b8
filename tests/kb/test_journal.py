"""The journal keeps what was asked without numbers and addresses, and forgets when told to."""

import os
import sqlite3
import stat
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable, Iterator, List

import pytest

from knowledge_base.journal import AskedQuestion, Journal, damaged, masked

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=timezone.utc)
Ask = Callable[..., AskedQuestion]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "knowledge" / "questions.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal(path)
    yield opened
    opened.close()


@pytest.fixture
def ask(journal: Journal) -> Ask:
    """Writes a question down; says what is kept of it."""

    def keep(text: str = "能刻字吗", **known: Any) -> AskedQuestion:
        given = {"conversation": "c_1", "message": "m1", "outcome": "unanswered", **known}
        question = AskedQuestion(
            **{"asked_at": NOW, "language": "zh", "text": text, "index_digest": "abc", **given}
        )
        journal.record(question)
        return next(
            kept
            for kept in journal.of_conversation(question.conversation)
            if kept.message == question.message
        )

    return keep


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我的单号XE20260001到哪了", "我的单号#到哪了"),
        ("单号 xe 2026 0001 呢", "单号 xe # 呢"),
        ("order12345 and XE20260001", "order# and #"),
        ("我电话１３９８７６５４３２１打不通", "我电话#打不通"),
        ("call me on +44 20 7946 0958 please", "call me on # please"),
        ("or +1 (415) 555-0132", "or #"),
        ("座机0571-86421357", "座机#"),
        ("身份证11010519491231002X", "身份证#"),
        ("card 4111 1111 1111 1111?", "card #?"),
        ("write to emma.canary@example.co.uk today", "write to @ today"),
        ("发到canary.lin@example.com谢谢", "发到@谢谢"),
        # What a question may need.
        ("满99包邮吗，1299的呢", "满99包邮吗，1299的呢"),
        ("7 days or 15?", "7 days or 15?"),
    ],
)
def test_numbers_and_addresses_are_not_kept(ask: Ask, said: str, kept: str) -> None:
    assert masked(said) == kept
    assert ask(said).text == kept


def test_a_question_comes_back_as_it_was_written(ask: Ask, journal: Journal) -> None:
    kept = ask(outcome="answered", article="engraving", score=0.61, language="en", text="engrave?")
    assert kept == AskedQuestion(
        conversation="c_1",
        message="m1",
        asked_at=NOW,
        language="en",
        text="engrave?",
        outcome="answered",
        article="engraving",
        score=0.61,
        index_digest="abc",
        id=kept.id,
    )
    assert kept.id and not kept.is_corrected
    assert journal.since(date(2026, 11, 20)) == [kept]


def test_a_turn_that_is_tried_again_is_one_question(ask: Ask, journal: Journal) -> None:
    ask(outcome="unanswered")
    ask(outcome="answered")
    assert [kept.outcome for kept in journal.of_conversation("c_1")] == ["unanswered"]


def test_since_a_day_means_from_its_beginning_on_oldest_first(ask: Ask, journal: Journal) -> None:
    for message, hours in (("b", 0), ("a", -9), ("before", -11)):
        ask(message=message, asked_at=NOW + timedelta(hours=hours))
    assert [kept.message for kept in journal.since(date(2026, 11, 20))] == ["a", "b"]


def test_the_articles_that_were_offered_become_the_one_that_was_chosen(
    ask: Ask, journal: Journal
) -> None:
    ask(message="m1", outcome="offered")
    ask(message="m2", outcome="unanswered")
    ask(message="m3", outcome="offered", conversation="c_2")
    assert journal.choose("c_1", "engraving")
    first, second = journal.of_conversation("c_1")
    assert (first.outcome, first.article) == ("chosen", "engraving")
    assert second.outcome == "unanswered"
    assert journal.of_conversation("c_2")[0].outcome == "offered"
    # Who was wrong about the first button presses another one.
    assert journal.choose("c_1", "gift-wrap")
    assert journal.of_conversation("c_1")[0].article == "gift-wrap"
    assert not journal.choose("c_3", "engraving")


def test_a_vote_belongs_to_the_newest_answer_from_that_article(ask: Ask, journal: Journal) -> None:
    ask(message="m1", outcome="answered", article="engraving")
    ask(message="m2", outcome="answered", article="engraving")
    ask(message="m3", outcome="answered", article="gift-wrap")
    assert journal.vote("c_1", "engraving", "up") and journal.vote("c_1", "engraving", "down")
    assert [kept.vote for kept in journal.of_conversation("c_1")] == [None, "down", None]
    assert not journal.vote("c_1", "unknown", "down") and not journal.vote("c_2", "engraving", "up")


def corrected(**known: Any) -> AskedQuestion:
    given = {"message": "other", "text": "", "outcome": "unanswered", **known}
    return AskedQuestion(**{"conversation": "c_1", "asked_at": NOW, "language": "zh", **given})


@pytest.mark.parametrize(
    "known",
    [
        {"message": "m2"},
        {"article": "engraving", "outcome": "answered"},
        {"text": "订单XE20260001能刻字吗"},
    ],
)
def test_an_agents_correction_finds_its_question(ask: Ask, journal: Journal, known: Any) -> None:
    ask("别的", message="m1")
    ask("订单XE20260009能刻字吗", message="m2", outcome="answered", article="engraving")
    ask("还有呢", message="m3")
    journal.correct(corrected(**known), article="gift-wrap")
    others = [(kept.message, kept.corrected_article) for kept in journal.of_conversation("c_1")]
    assert others == [("m1", None), ("m2", "gift-wrap"), ("m3", None)]


def test_a_correction_of_a_question_that_was_lost_is_kept_with_it(journal: Journal) -> None:
    question = corrected(message="m7", text="能刻字吗，电话13987654321")
    journal.correct(question, text="可以，每件加10元。")
    journal.correct(question, text="可以，每件加12元。")
    (kept,) = journal.of_conversation("c_1")
    assert (kept.text, kept.correction_text) == ("能刻字吗，电话#", "可以，每件加12元。")
    assert kept.is_corrected


def test_what_was_settled_is_marked_until_it_is_corrected_again(ask: Ask, journal: Journal) -> None:
    first, second = ask(message="m1"), ask(message="m2")
    journal.settle([first.id], "drafted")
    assert [kept.settled for kept in journal.of_conversation("c_1")] == ["drafted", None]
    journal.correct(first, article="engraving")
    assert [kept.settled for kept in journal.of_conversation("c_1")] == [None, None]
    assert second.id != first.id


def files(path: Path) -> bytes:
    """All that stands on the disk."""
    return b"".join(each.read_bytes() for each in sorted(path.parent.iterdir()))


def test_what_is_erased_is_in_no_file_any_more(ask: Ask, journal: Journal, path: Path) -> None:
    for number in range(50):
        ask(f"金丝雀 {number} " + "唱" * 400, message=f"m{number}")
        ask("乌鸦", conversation="c_10", message=f"m{number}")
    other_process = Journal(path)
    assert "金丝雀".encode() in files(path)
    assert other_process.erase("c_1") == 50
    assert "金丝雀".encode() not in files(path) and "乌鸦".encode() in files(path)
    assert journal.of_conversation("c_1") == [] and len(journal.of_conversation("c_10")) == 50
    assert other_process.erase("c_1") == 0
    other_process.close()


def test_what_is_old_goes(ask: Ask, journal: Journal, path: Path) -> None:
    ask("金丝雀", message="old", asked_at=NOW - timedelta(days=90, seconds=1))
    ask("乌鸦", message="new", asked_at=NOW - timedelta(days=89))
    assert journal.drop_older(90, now=NOW) == 1
    assert [kept.message for kept in journal.of_conversation("c_1")] == ["new"]
    assert "金丝雀".encode() not in files(path)


def test_nobody_else_on_the_machine_reads_it(journal: Journal, path: Path) -> None:
    for each in path.parent.iterdir():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600, each


@pytest.mark.parametrize("damage", ["not a database", "half of it", "a page of it"])
def test_a_damaged_file_is_put_aside_and_a_new_one_begins(
    ask: Ask, journal: Journal, path: Path, damage: str
) -> None:
    for number in range(100):
        ask("金丝雀" * 50, message=f"m{number}")
    journal.close()
    whole = path.read_bytes()
    content = {
        "not a database": b"x" * 5000,
        "half of it": whole[: len(whole) // 2],
        "a page of it": whole[:8192] + b"\xff" * 4096 + whole[12288:],
    }[damage]
    path.write_bytes(content)
    said: List[str] = []
    fresh = Journal(path, say=said.append)
    fresh.record(corrected(message="m1", text="乌鸦"))
    assert [kept.text for kept in fresh.of_conversation("c_1")] == ["乌鸦"]
    assert said == ["journal_damaged kept=questions.db.damaged"]
    assert damaged(path).read_bytes() == content

    # Nobody can tell whose words are in it.
    fresh.erase("c_1")
    assert not damaged(path).exists()
    fresh.close()


def test_a_damaged_file_goes_with_what_is_old(journal: Journal, path: Path) -> None:
    aside = damaged(path)
    aside.write_bytes(b"x")
    journal.drop_older(90, now=datetime.now(timezone.utc))
    assert aside.exists()
    long_ago = (datetime.now(timezone.utc) - timedelta(days=91)).timestamp()
    os.utime(aside, (long_ago, long_ago))
    journal.drop_older(90, now=datetime.now(timezone.utc))
    assert not aside.exists()


def test_a_locked_file_is_an_error_and_nothing_is_put_aside(journal: Journal, path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError):
        journal.record(corrected(message="m1", text="能刻字吗"))
    other.rollback()
    other.close()
    journal.record(corrected(message="m1", text="能刻字吗"))
    assert len(journal.of_conversation("c_1")) == 1 and not damaged(path).exists()
