"""Shopper and agent in two real browsers, on the real system."""

import os
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def at(page: Any, name: str) -> Any:
    return page.get_by_test_id(name)


def said_by(page: Any, sender: str, text: str) -> Any:
    """The newest message of a sender with a text; earlier tests may have left older ones."""
    return page.locator(f'[data-testid="message"][data-from="{sender}"]', has_text=text).last


def write(page: Any, text: str) -> None:
    at(page, "chat-input").fill(text)
    at(page, "chat-send").click()


def press(page: Any, title: str) -> None:
    """Press the newest button with a title."""
    page.get_by_test_id("quick-reply").filter(has_text=title).last.click()


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
    system: Any, open_page: Any, customer: Any
) -> None:
    customer("C1001")
    shop = open_page("/")
    at(shop, "customer-switch").select_option("C1001")
    write(shop, "我的快递到哪了")
    said_by(shop, "bot", "XE20260001").wait_for()
    picture(shop, "shop-zh-order")

    at(shop, "chat-human").click()
    said_by(shop, "system", "转接人工").wait_for()

    desk = open_page("/desk/")
    sign_in(desk, system.agent)
    desk.locator('[data-testid="desk-ticket"][data-state="queued"]', has_text="林晓雯").click()
    at(desk, "desk-take").click()
    said_by(shop, "system", "为你服务").wait_for()
    desk.locator('[data-testid="desk-transcript"]', has_text="我的快递到哪了").wait_for()

    at(desk, "desk-input").fill("你好，我是小梅，马上帮你看")
    at(desk, "desk-send").click()
    said_by(shop, "agent", "我是小梅").wait_for()
    write(shop, "谢谢小梅")
    desk.locator('[data-testid="desk-transcript"]', has_text="谢谢小梅").wait_for()
    picture(desk, "desk-zh")
    picture(shop, "shop-zh-agent")
    said = shop.locator('[data-testid="message"]').evaluate_all(
        "all => all.map(one => one.dataset.from)"
    )
    # Nobody but the two of them has spoken since the agent came.
    assert said[-3:] == ["system", "agent", "shopper"]

    at(desk, "desk-return").click()
    said_by(shop, "system", "小二回来了").wait_for()
    write(shop, "谢谢")
    said_by(shop, "bot", "不客气").wait_for()


def test_an_english_shopper_presses_buttons_to_the_end(open_page: Any, customer: Any) -> None:
    customer("C1003")
    shop = open_page("/", locale="en-GB")
    at(shop, "customer-switch").select_option("C1003")
    write(shop, "I want to return XE20260005")
    said_by(shop, "bot", "Which items").wait_for()
    picture(shop, "shop-en-return")
    press(shop, "All of them")
    said_by(shop, "bot", "What is the reason").wait_for()
    press(shop, "Changed my mind")
    said_by(shop, "bot", "made to order").wait_for()
    press(shop, "No, keep it")
    said_by(shop, "bot", "nothing has been returned").wait_for()


def test_a_visitor_on_a_phone_reads_traditional(open_page: Any) -> None:
    shop = open_page("/", locale="zh-TW", width=360, height=720)
    write(shop, "運費怎麼算")
    said_by(shop, "bot", "99").wait_for()
    picture(shop, "shop-hant-phone")


def test_the_conversation_survives_a_reload(open_page: Any) -> None:
    shop = open_page("/")
    write(shop, "谢谢")
    said_by(shop, "bot", "不客气").wait_for()
    shop.reload()
    said_by(shop, "bot", "不客气").wait_for()


def test_markup_is_shown_as_text(open_page: Any) -> None:
    shop = open_page("/")
    write(shop, "<img src=x onerror=alert(1)> 谢谢")
    said_by(shop, "shopper", "<img src=x").wait_for()
    assert shop.locator('[data-testid="chat-log"] img[src="x"]').count() == 0
