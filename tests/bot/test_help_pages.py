"""The help centre behind the gateway: which files, for whom, and nothing beside them."""

from datetime import date

import pytest

from bot.help_pages import pages_folder, preferred
from bot.pages import POLICY


@pytest.fixture
def knowledge(tmp_path):
    return tmp_path / "knowledge"


@pytest.fixture
def publish(knowledge):
    """Write the pages of an index and point at it."""

    def published(digest, words="", day="2026-01-01"):
        folder = knowledge / digest / "help" / day
        for name, text in {
            "index.html": "choose",
            "zh/index.html": f"中文{words}",
            "zh/only-chinese.html": "只有中文",
            "zh/_missing.html": "找不到",
            "zh-Hant/index.html": f"正體{words}",
            "zh-Hant/_missing.html": "找不到了",
            "en/index.html": f"English{words}",
            "en/_missing.html": "not there",
            "assets/help.css": "body {}",
        }.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        (knowledge / digest / "manifest.json").write_text("a secret of the index")
        (knowledge / "current").write_text(digest + "\n")

    return published


@pytest.fixture
async def gateway(connect):
    async with connect() as http:
        yield http


@pytest.mark.parametrize(
    ("accepted", "folder"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-MO, en", "zh-Hant"),
        ("yue", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.1", "en"),
        ("fr-FR, zh;q=0.5, en;q=0.4", "zh"),
        ("zh;q=0, en;q=0.1", "en"),
        ("*", "en"),
        ("", "en"),
        (";;q=,zh;q=nonsense", "zh"),
    ],
)
def test_the_language_is_the_one_that_a_browser_wants_most(accepted, folder):
    assert preferred(accepted) == folder


async def test_the_entrance_leads_to_the_readers_language(gateway, publish):
    publish("ab12")
    wanted = {"Accept-Language": "zh-TW"}
    response = await gateway.get("/help/", headers=wanted)
    assert (response.status_code, response.headers["location"]) == (302, "zh-Hant/")
    assert response.headers["vary"] == "Accept-Language"
    response = await gateway.get("/help", headers=wanted, follow_redirects=True)
    assert response.text == "正體"


async def test_a_page_has_the_policy_of_all_pages_and_is_asked_for_again(gateway, publish):
    publish("ab12")
    response = await gateway.get("/help/zh/")
    assert response.text == "中文" and response.headers["content-type"].startswith("text/html")
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["cache-control"] == "no-cache"
    known = {"If-None-Match": response.headers["etag"]}
    assert (await gateway.get("/help/zh/", headers=known)).status_code == 304
    whole = await gateway.get("/help/zh/", headers={"Range": "bytes=0-1"})
    assert (whole.status_code, whole.text) == (200, "中文")
    assert (await gateway.head("/help/zh/")).status_code == 200
    assert (await gateway.post("/help/zh/")).status_code == 405


async def test_pages_change_with_the_pointer_and_back(gateway, publish, knowledge):
    publish("ab12", " one")
    assert (await gateway.get("/help/en/")).text == "English one"
    publish("cd34", " two")
    assert (await gateway.get("/help/en/")).text == "English two"
    (knowledge / "current").write_text("ab12\n")
    assert (await gateway.get("/help/en/")).text == "English one"


async def test_pages_of_a_day_to_come_wait_for_it(publish, knowledge):
    publish("ab12", day="2026-01-01")
    publish("ab12", day="2026-12-01")
    (knowledge / "ab12" / "help" / ".writing-x").mkdir()
    for today, expected in (("2026-11-30", "2026-01-01"), ("2026-12-01", "2026-12-01")):
        assert pages_folder(knowledge, date.fromisoformat(today)).name == expected
    assert pages_folder(knowledge, date(2025, 12, 31)) is None


@pytest.mark.parametrize("pointer", [None, "", "ffff", "../ab12", "..", "ab12/help", "\x00", "é"])
async def test_without_pages_it_says_so_in_all_languages(gateway, publish, knowledge, pointer):
    publish("ab12")
    (knowledge / "current").unlink()
    if pointer is not None:
        (knowledge / "current").write_text(pointer, "utf-8")
    response = await gateway.get("/help/zh/")
    assert response.status_code == 503 and response.headers["retry-after"]
    for words in ("帮助中心正在准备", "說明中心準備中", "being prepared"):
        assert words in response.text
    assert response.headers["content-security-policy"] == POLICY


async def test_what_is_not_there_is_told_in_the_readers_language(gateway, publish):
    publish("ab12")
    response = await gateway.get("/help/en/nothing-like-it.html")
    assert (response.status_code, response.text) == (404, "not there")
    assert response.headers["content-security-policy"] == POLICY


async def test_an_article_of_another_language_is_shown_in_that(gateway, publish):
    publish("ab12")
    response = await gateway.get("/help/en/only-chinese.html", follow_redirects=True)
    assert (response.status_code, response.text) == (200, "只有中文")


@pytest.mark.parametrize(
    "path",
    [
        "/help/../../manifest.json",
        "/help/%2e%2e/%2e%2e/manifest.json",
        "/help/..%2f..%2fmanifest.json",
        "/help/zh/..%2f..%2f..%2f..%2fmanifest.json",
        "/help/%2e%2e%5c%2e%2e%5cmanifest.json",
        "/help//etc/passwd",
        "/help/%00",
        "/help/zh/%00.html",
        "/help/zh/..%2f_missing.html%0a.html",
        "/help/2026-01-01/zh/index.html",
        pytest.param("/help/" + "a" * 5000, id="longer-than-a-name"),
        "/help/fr/x.html",
        "/help/zh/a/b.html",
    ],
)
async def test_nothing_beside_the_pages_can_be_read(gateway, publish, path):
    publish("ab12")
    response = await gateway.get(path)
    assert response.status_code == 404
    assert "secret" not in response.text and "root:" not in response.text


async def test_a_link_out_of_the_pages_is_not_followed(gateway, publish, knowledge):
    publish("ab12")
    link = knowledge / "ab12" / "help" / "2026-01-01" / "zh" / "out.html"
    link.symlink_to(knowledge / "ab12" / "manifest.json")
    response = await gateway.get("/help/zh/out.html", follow_redirects=True)
    assert "secret" not in response.text
