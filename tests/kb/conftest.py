"""A small shop's knowledge base: three articles in each language, built once for all tests."""

import os
import threading
from datetime import date
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Tuple

import httpx
import pytest

from knowledge_base.__main__ import main
from knowledge_base.answerer import Answerer
from knowledge_base.article import Article, render_article
from knowledge_base.build import ensure_built, open_answerer
from knowledge_base.live import Live
from knowledge_base.serve import create_app, server_of
from knowledge_base.settings import Settings
from knowledge_base.store import StoredIndex

ROOT = Path(__file__).resolve().parents[2]

SMALL_BASE = {
    ("zh", "gift-wrap", "gifts"): (
        "礼品包装怎么选",
        ["能帮我包起来吗", "送人的可以包装一下吗", "礼盒要另外收钱吗", "怎么加礼品包装"],
        ["下单时勾选礼品包装就行，每件收5元。包装纸有红色和蓝色两种。", "生鲜不能做礼品包装。"],
    ),
    ("zh", "tea-storage", "products"): (
        "茶叶怎么保存",
        ["茶叶要放冰箱吗", "买回来的茶怎么存放", "茶叶会不会受潮", "开封以后能放多久"],
        ["茶叶放在阴凉干燥的地方，密封好。绿茶最好冷藏。"],
    ),
    ("zh", "store-pickup", "delivery"): (
        "到店自提",
        ["可以自己去店里拿吗", "自提要带什么", "门店自提几点能去", "家人能代我去取吗"],
        ["可以。下单时选到店自提，收到短信以后带上取货码来拿。"],
    ),
    ("en", "gift-wrap", "gifts"): (
        "Gift wrapping",
        ["can you wrap it as a present", "is gift wrap free", "add a ribbon and paper", "gift box"],
        ["Tick gift wrapping at checkout. It is 5 yuan an item.", "Fresh food is never wrapped."],
    ),
    ("en", "tea-storage", "products"): (
        "Keeping tea fresh",
        ["should tea go in the fridge", "where do I keep the leaves", "how long is tea good for"],
        ["Keep tea cool, dry and sealed. Green tea likes the fridge best."],
    ),
    ("en", "store-pickup", "delivery"): (
        "Collecting in the shop",
        ["can I come and collect it myself", "what do I bring to the shop", "can my wife fetch it"],
        ["Yes. Choose collection at checkout and bring the code from our text message."],
    ),
}

EXAMPLES = """
version: "3.1"
nlu:
- intent: out_of_scope
  examples: |
    - 明天会下雨吗
    - 帮我订一张机票
    - who won the football match
    - book me a flight
- intent: chitchat
  examples: |
    - 你叫什么名字呀
    - how old are you
- intent: greet
  examples: |
    - 你好
    - good morning
"""


def small_base() -> List[Article]:
    """The articles themselves."""
    return [
        Article(
            id=name,
            title=title,
            topic=topic,
            language=language,
            owner="service",
            updated=date(2026, 11, 1),
            questions=tuple(questions),
            paragraphs=tuple(paragraphs),
        )
        for (language, name, topic), (title, questions, paragraphs) in SMALL_BASE.items()
    ]


@pytest.fixture(scope="session", autouse=True)
def no_frozen_questions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The real base's frozen questions are not for small ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FROZEN_DIR", str(tmp_path_factory.mktemp("frozen") / "none"))
        yield


@pytest.fixture(scope="session")
def articles() -> List[Article]:
    """The small shop's articles."""
    return small_base()


@pytest.fixture
def article() -> Article:
    """One of them: Chinese, two paragraphs."""
    return small_base()[0]


@pytest.fixture(scope="session")
def shop_settings(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Settings]:
    """Writes the small shop's files into a fresh folder and gives settings for it."""

    def write(**changes: str) -> Settings:
        folder = tmp_path_factory.mktemp("shop")
        for article in small_base():
            path = folder / "articles" / article.language / f"{article.id}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(render_article(article), encoding="utf-8")
        (folder / "nlu").mkdir()
        (folder / "nlu" / "smalltalk.yml").write_text(EXAMPLES, encoding="utf-8")
        return Settings(
            data_dir=folder / "var",
            articles_dir=folder / "articles",
            variants_dir=folder / "questions",
            examples_dir=folder / "nlu",
            frozen_dir=folder / "frozen",
            encoder="",
            service_token="a service token for tests",
        ).copy(update=changes)

    return write


@pytest.fixture(scope="session")
def environment() -> Callable[[Settings], Dict[str, str]]:
    """Settings as the environment of a command."""

    def of(settings: Settings) -> Dict[str, str]:
        names = {
            field.name: field.field_info.extra["env"] for field in Settings.__fields__.values()
        }
        told = {env: str(getattr(settings, name)) for name, env in names.items()}
        return {**os.environ, **told}

    return of


@pytest.fixture
def commands(
    environment: Callable[[Settings], Dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """The command line on a shop: `commands(settings, "build", "--force")`."""

    def run(settings: Settings, *arguments: str) -> int:
        for name, value in environment(settings).items():
            monkeypatch.setenv(name, value)
        return main(list(arguments))

    return run


@pytest.fixture
def serve(wait_for: Callable[..., Any]) -> Iterator[Callable[[Settings], httpx.Client]]:
    """Starts the service over a shop's index."""
    running: List[Tuple[Any, threading.Thread, httpx.Client]] = []

    def start(settings: Settings) -> httpx.Client:
        live = Live.open(settings.index_root, say=lambda _: None)
        server = server_of(
            create_app(live, service_token=settings.service_token), host="127.0.0.1", port=0
        )
        thread = threading.Thread(target=server.run)
        thread.start()
        wait_for(lambda: server.started, 20, "the server")
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        client = httpx.Client(
            base_url=f"http://{host}:{port}",
            headers={"Authorization": f"Bearer {settings.service_token}"},
        )
        running.append((server, thread, client))
        return client

    yield start
    for server, thread, client in running:
        client.close()
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def built(shop_settings: Callable[..., Settings]) -> Iterator[Tuple[Settings, List[str]]]:
    """The small shop, built; with what the build said."""
    settings = shop_settings()
    said: List[str] = []
    ensure_built(settings, say=said.append)
    yield settings, said


@pytest.fixture(scope="session")
def opened(built: Tuple[Settings, List[str]]) -> Tuple[StoredIndex, Answerer]:
    """The small shop's index and answerer, loaded from disk."""
    return open_answerer(built[0].index_root)
