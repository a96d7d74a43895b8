"""Shopper and agent in two real browsers, on the real system."""

import os
import re
from datetime import date
from pathlib import Path
from typing import Any, Dict, List

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def at(page: Any, name: str) -> Any:
    return page.get_by_test_id(name)


SAID = """all => all.map(one => ({
    from: one.dataset.from, seq: Number(one.dataset.seq || 0), text: one.textContent}))"""


def said(page: Any) -> List[Dict[str, Any]]:
    """The messages that the page shows, oldest first."""
    return list(page.locator('[data-testid="message"]').evaluate_all(SAID))


@pytest.fixture
def heard(wait_for: Any) -> Any:
    """Wait for a message that is newer than a number; returns its own number."""

    def wait(page: Any, sender: str, text: str, *, after: int = 0) -> int:
        def newer() -> List[int]:
            return [
                one["seq"]
                for one in said(page)
                if one["from"] == sender and text in one["text"] and one["seq"] > after
            ]

        return int(wait_for(newer, 20, f"{sender} to say {text}")[-1])

    return wait


def write(page: Any, text: str) -> None:
    at(page, "chat-input").fill(text)
    at(page, "chat-send").click()


def press(page: Any, title: str) -> None:
    """Press the newest button with a title."""
    page.locator('[data-testid="quick-reply"]:enabled', has_text=title).last.click()


def picture(page: Any, name: str) -> None:
    """Keep a screenshot where somebody asked for them."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def sign_in(page: Any, account: Any) -> None:
    at(page, "desk-name").fill(account["name"])
    at(page, "desk-password").fill(account["password"])
    at(page, "desk-signin").click()


def test_a_shopper_is_served_by_the_assistant_a_person_and_the_assistant_again(
    system: Any, open_page: Any, customer: Any, heard: Any
) -> None:
    customer("C1001")
    shop = open_page("/")
    at(shop, "customer-switch").select_option("C1001")
    before = heard(shop, "system", "小二回来了")
    write(shop, "我的快递到哪了")
    answered = heard(shop, "bot", "XE20260001", after=before)
    picture(shop, "shop-zh-order")

    at(shop, "chat-human").click()
    queued = heard(shop, "system", "转接人工", after=answered)

    desk = open_page("/desk/")
    sign_in(desk, system.agent)
    desk.locator('[data-testid="desk-ticket"][data-state="queued"]', has_text="林晓雯").click()
    at(desk, "desk-take").click()
    taken = heard(shop, "system", "为你服务", after=queued)
    desk.locator('[data-testid="desk-transcript"]', has_text="我的快递到哪了").wait_for()

    at(desk, "desk-input").fill("你好，我是小梅，马上帮你看")
    at(desk, "desk-send").click()
    spoken = heard(shop, "agent", "我是小梅", after=taken)
    write(shop, "谢谢小梅")
    desk.locator('[data-testid="desk-transcript"]', has_text="谢谢小梅").wait_for()
    picture(desk, "desk-zh")
    picture(shop, "shop-zh-agent")
    # The assistant has not said a word since the agent came.
    assert [one["from"] for one in said(shop) if one["seq"] > taken] == ["agent", "shopper"]

    at(desk, "desk-return").click()
    returned = heard(shop, "system", "小二回来了", after=spoken)
    write(shop, "谢谢")
    heard(shop, "bot", "不客气", after=returned)


def test_an_english_visitor_proves_an_order_and_presses_buttons_to_the_end(
    open_page: Any, heard: Any
) -> None:
    shop = open_page("/", locale="en-GB")
    write(shop, "I want to return XE20260005")
    heard(shop, "bot", "last four digits")
    write(shop, "1003")
    heard(shop, "bot", "Which items")
    picture(shop, "shop-en-return")
    press(shop, "All of them")
    heard(shop, "bot", "What is the reason")
    press(shop, "Changed my mind")
    heard(shop, "bot", "made to order")
    press(shop, "No, keep it")
    heard(shop, "bot", "nothing has been returned")


def test_a_visitor_on_a_phone_reads_traditional(open_page: Any, heard: Any) -> None:
    shop = open_page("/", locale="zh-TW", width=360, height=720)
    write(shop, "運費怎麼算")
    heard(shop, "bot", "99")
    picture(shop, "shop-hant-phone")


@pytest.mark.parametrize(
    ("locale", "timezone", "question", "number"),
    [
        ("zh-CN", "Europe/Berlin", "XE20260001 到哪了", "XE20260001"),
        ("zh-TW", "America/Los_Angeles", "XE20260001 到哪了", "XE20260001"),
        ("en-GB", "Pacific/Auckland", "where is XE20260001", "XE20260001"),
    ],
)
def test_a_card_shows_the_times_of_the_text_wherever_the_reader_is(
    open_page: Any,
    customer: Any,
    heard: Any,
    locale: str,
    timezone: str,
    question: str,
    number: str,
) -> None:
    customer("C1001")
    shop = open_page("/", locale=locale, timezone=timezone)
    at(shop, "customer-switch").select_option("C1001")
    returned = heard(shop, "system", "")
    write(shop, question)
    heard(shop, "bot", number, after=returned)
    told = shop.locator('[data-testid="message"][data-from="bot"]:has(.card-events)').last
    newest = told.locator(".card-events small").first.inner_text().split(" · ")[0]
    said = told.inner_text().replace(told.locator(".card").inner_text(), "")
    assert newest in said


@pytest.mark.parametrize("timezone", ["America/Los_Angeles", "Pacific/Auckland"])
def test_a_source_s_day_is_the_same_wherever_the_reader_is(
    open_page: Any, heard: Any, timezone: str
) -> None:
    shop = open_page("/", locale="en-GB", timezone=timezone)
    write(shop, "how much is delivery")
    heard(shop, "bot", "99")
    article = (ROOT / "knowledge_base/articles/en/shipping-fee.md").read_text(encoding="utf-8")
    day = date.fromisoformat(next(iter(re.findall(r"updated: (\S+)", article))))
    told = shop.locator('[data-source="shipping-fee"] .updated').last.inner_text()
    assert told == f"updated {day.day} {day:%b %Y}"


def test_the_conversation_survives_a_reload(open_page: Any, heard: Any) -> None:
    shop = open_page("/")
    write(shop, "谢谢")
    heard(shop, "bot", "不客气")
    shop.reload()
    heard(shop, "bot", "不客气")


def test_markup_is_shown_as_text(open_page: Any, heard: Any) -> None:
    shop = open_page("/")
    write(shop, "<img src=x onerror=alert(1)> 谢谢")
    heard(shop, "shopper", "<img src=x")
    assert shop.locator('[data-testid="chat-log"] img[src="x"]').count() == 0
