"""`python -m bench shop`: fills a database, asks it, writes the figures and prints them."""

import contextlib
import json
import random
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from statistics import quantiles
from typing import Any, Callable, Dict, Iterator, Optional

import psutil

from bench import machine
from bench.progress import Progress
from bench.shop.crowd import customer_of, fill, number_of
from shop import Identity, OrderNotFound, PolicySource, ShopBackend, SqlShop
from shop.rights import load_policy
from shop.seed import seed
from shop.sql.engine import open_engine

MILLION, QUICK = 1_000_000, 2_000
_MOST_ASKED = 3_000


def main(orders: int, folder: Path, *, database: Optional[str] = None) -> int:
    """Measure in a temporary SQLite file, or in the empty database at a URL."""
    tell = Progress()
    with _database(database) as url:
        figures = measure(url, orders, tell)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"shop-{figures['database']}.json"
    (folder / name).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    for question, times in figures["questions"].items():
        told = "   ".join(f"{name[:3]} {value:6.2f} ms" for name, value in times.items())
        print(f"  {question:16} {told}")
    tell(f"figures are in {folder.name}/{name}")
    return 0


def measure(url: str, orders: int, tell: Callable[[str], None]) -> Dict[str, Any]:
    """Fill a database and ask it one question after another."""
    engine = open_engine(url)
    today = datetime.now(load_policy().zone).date()
    seed(engine, today=today)
    began = time.monotonic()
    fill(engine, orders, tell)
    filled_s = round(time.monotonic() - began, 1)
    shop = SqlShop(engine, PolicySource(), lambda: datetime.now(timezone.utc))
    questions = {name: _timed(shop, ask, orders) for name, ask in _QUESTIONS.items()}
    shop.close()
    return {
        "machine": machine.describe(),
        "database": engine.dialect.name,
        "orders": orders,
        "filled_s": filled_s,
        "own_rss_mb": round(psutil.Process().memory_info().rss / 2**20),
        "questions": questions,
    }


def _one(shop: ShopBackend, place: int) -> None:
    shop.order(Identity(customer_id=customer_of(place)), number_of(place))


def _newest(shop: ShopBackend, place: int) -> None:
    shop.orders(Identity(customer_id=customer_of(place)), limit=5)


def _foreign(shop: ShopBackend, place: int) -> None:
    with contextlib.suppress(OrderNotFound):
        shop.order(Identity(customer_id="C1004"), number_of(place))


def _missing(shop: ShopBackend, place: int) -> None:
    with contextlib.suppress(OrderNotFound):
        shop.order(Identity(customer_id="C1004"), f"XE9{place:07}")


_QUESTIONS = {
    "order": _one,
    "orders of five": _newest,
    "foreign order": _foreign,
    "missing order": _missing,
}


def _timed(
    shop: ShopBackend, ask: Callable[[ShopBackend, int], None], orders: int
) -> Dict[str, float]:
    places = random.Random(1)
    seconds, cpu_began = [], time.process_time()
    asked = min(_MOST_ASKED, orders // 5)
    for _ in range(asked):
        place = places.randrange(orders)
        began = time.perf_counter()
        ask(shop, place)
        seconds.append(time.perf_counter() - began)
    cuts = quantiles(seconds[asked // 10 :], n=100)
    return {
        "p50_ms": round(1000 * cuts[49], 3),
        "p95_ms": round(1000 * cuts[94], 3),
        # Of this process alone: what is left of it on a machine that has much else to do.
        "cpu_ms": round(1000 * (time.process_time() - cpu_began) / asked, 3),
    }


@contextlib.contextmanager
def _database(url: Optional[str]) -> Iterator[str]:
    if url:
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="xiaoer-") as folder:
        yield f"sqlite:///{folder}/shop.db"
