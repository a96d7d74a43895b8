"""A real browser, headless, for the pages."""

import os
import shutil
from typing import Any, Callable, Iterator, List

import pytest

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium as the machine has it; without one the test is skipped, or fails if required."""
    from playwright.sync_api import sync_playwright

    executable = next((found for name in NAMES if (found := shutil.which(name))), None)
    if executable is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, but there is no Chromium on the PATH")
        pytest.skip("there is no Chromium on the PATH")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def open_address(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open an address in a profile of its own; errors on the page fail the test."""
    contexts: List[Any] = []
    problems: List[str] = []

    def opened(
        address: str,
        *,
        locale: str = "zh-CN",
        timezone: str = "Asia/Shanghai",
        width: int = 1280,
        height: int = 800,
        **more: Any,
    ) -> Any:
        size = {"width": width, "height": height}
        context = browser.new_context(locale=locale, timezone_id=timezone, viewport=size, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.set_default_timeout(20_000)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def open_page(open_address: Callable[..., Any], system: Any) -> Callable[..., Any]:
    """Open a page of the system."""

    def opened(path: str, **more: Any) -> Any:
        return open_address(system.url + path, **more)

    return opened
