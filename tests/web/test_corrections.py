"""An agent reads what the assistant said, and says what would have been right."""

import sqlite3
from contextlib import closing
from typing import Any, List, Tuple

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def at(page: Any, name: str) -> Any:
    return page.get_by_test_id(name)


@pytest.fixture
def kept(system: Any) -> Any:
    """The corrections in the journal of a conversation."""

    def rows(conversation_id: str) -> List[Tuple[Any, ...]]:
        columns = "text, outcome, corrected_article, correction_text"
        with closing(sqlite3.connect(system.data_dir / "knowledge" / "questions.db")) as journal:
            return journal.execute(
                f"SELECT {columns} FROM asked WHERE conversation = ? ORDER BY id",
                (conversation_id,),
            ).fetchall()

    return rows


@pytest.fixture
def desk_of(system: Any, open_page: Any, agent: Any) -> Any:
    """The console, signed in, on a conversation's ticket."""

    def opened(conversation_id: str, locale: str) -> Any:
        ticket = agent.ticket_of(conversation_id)["ticket"]
        desk = open_page("/desk/", locale=locale)
        at(desk, "desk-name").fill(system.agent["name"])
        at(desk, "desk-password").fill(system.agent["password"])
        at(desk, "desk-signin").click()
        desk.locator(f'[data-testid="desk-ticket"][data-ticket="{ticket}"]').click()
        return desk

    return opened


def entry(desk: Any, text: str) -> Any:
    """The message with a text, in the open conversation."""
    return desk.locator('[data-testid="desk-message"]', has_text=text)


def test_a_wrong_answer_gets_the_right_article(visitor: Any, desk_of: Any, kept: Any) -> None:
    answer = visitor.say("运费怎么算")
    visitor.say("转人工")
    conversation_id = visitor.last["conversation_id"]
    desk = desk_of(conversation_id, "zh-CN")
    said = entry(desk, answer.splitlines()[0][:12])
    said.get_by_test_id("desk-wrong").click()
    said.get_by_test_id("desk-article-search").fill("电子发票多久开")
    article = said.get_by_test_id("desk-article").first
    article.wait_for()
    title = article.inner_text()
    article.click()
    said.get_by_text("已记下，谢谢").wait_for()
    ((text, outcome, corrected, words),) = [row for row in kept(conversation_id) if row[2]]
    assert (text, outcome, words) == ("运费怎么算", "answered", None)
    assert "invoice" in corrected and "发票" in title
    # The shopper hears nothing of it, and other messages have no such button.
    assert entry(desk, "转人工").get_by_test_id("desk-wrong").count() == 0


def test_what_the_assistant_did_not_know_is_answered_in_words(
    visitor: Any, desk_of: Any, kept: Any
) -> None:
    answer = visitor.say("how many giraffes fit into a violin sonata")
    visitor.say("I want to talk to a human")
    conversation_id = visitor.last["conversation_id"]
    desk = desk_of(conversation_id, "en-GB")
    said = entry(desk, answer[:20])
    said.get_by_test_id("desk-wrong").click()
    said.get_by_test_id("desk-right-send").click()
    said.get_by_test_id("desk-right-text").fill("None: <b>giraffes</b> do not sing.")
    said.get_by_test_id("desk-right-send").click()
    said.get_by_text("Saved, thank you").wait_for()
    assert [row[1:] for row in kept(conversation_id) if row[3]] == [
        ("unanswered", None, "None: <b>giraffes</b> do not sing.")
    ]
    # Sent again, it says something else: the last word counts.
    said.get_by_test_id("desk-wrong").click()
    said.get_by_test_id("desk-right-text").fill("None.")
    said.get_by_test_id("desk-right-send").click()
    said.get_by_text("Saved, thank you").wait_for()
    assert [row[3] for row in kept(conversation_id) if row[3]] == ["None."]
