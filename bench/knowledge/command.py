"""`python -m bench knowledge`: a large base is built and asked, then ever larger ones.

One thread asks, as the service does. What is measured is the whole way from a question's text to
the articles, the encoder included.
"""

import json
import multiprocessing
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, quantiles
from typing import Any, Callable, Dict, List, Sequence, Tuple

import faiss
import numpy as np
import psutil

from bench import machine, plots
from bench.knowledge.passages import passages, questions
from bench.progress import Progress
from knowledge_base.answerer import Answerer
from knowledge_base.article import Article
from knowledge_base.build import build, open_answerer
from knowledge_base.calibration import CAREFUL
from knowledge_base.encoder.loading import load_encoder
from knowledge_base.examples import load_examples
from knowledge_base.index import KINDS, LanguageIndex, UnitKind
from knowledge_base.lexical import LexicalIndex
from knowledge_base.nearest import NearestVectors
from knowledge_base.settings import Settings
from knowledge_base.sources import Sources
from knowledge_base.spelling import Spelling
from knowledge_base.store import folder_bytes, load_current

Tell = Callable[[str], None]

_LANGUAGE = "en"
_NEAREST = 10
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Size:
    """How many passages the base that is built has, and those whose search alone is measured."""

    built: int
    growth: Tuple[int, ...]
    questions: int


FULL = Size(100_000, (10_000, 30_000, 100_000, 1_000_000), 500)
QUICK = Size(600, (500, 21_000), 50)


def main(size: Size, folder: Path) -> int:
    """Measure in a temporary folder and write `knowledge.json` and its picture."""
    tell = Progress()
    with tempfile.TemporaryDirectory(prefix="xiaoer-") as scratch:
        built = measure_built(size, Path(scratch), tell)
        growth = measure_growth(size, Path(scratch), tell)
    figures = {"machine": machine.describe(), "built": built, "growth": growth}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "knowledge.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    plots.passages(growth, folder / "knowledge_growth.png")
    print(f"  {built}")
    for row in growth:
        print(f"  {row}")
    tell(f"figures are in {folder.name}/knowledge.json")
    return 0


def measure_built(size: Size, root: Path, tell: Tell) -> Dict[str, Any]:
    """Build half of the passages in each language, then ask in a process of its own."""
    halves = {lang: list(passages(size.built // 2, lang)) for lang in ("zh", "en")}
    articles = [article for half in halves.values() for article in half]
    examples = load_examples(Settings().examples_dir)
    began = time.monotonic()
    build(Sources(articles, examples, "", "built"), root, say=tell)
    asked = [
        (lang, text)
        for lang, half in halves.items()
        for text in questions(half, size.questions // 2)
    ]
    figures = {
        "passages": len(articles),
        "build_s": round(time.monotonic() - began, 1),
        "disk_mb": round(folder_bytes(load_current(root).folder) / 2**20),
    }
    # Another process: this one still has the build in its memory.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return {**figures, **pool.apply(_ask_built, (root, asked))}


def _ask_built(root: Path, asked: Sequence[Tuple[str, str]]) -> Dict[str, Any]:
    faiss.omp_set_num_threads(1)
    before = psutil.Process().memory_info().rss
    _, answerer = open_answerer(root)
    times = _times(answerer, asked)
    rss = psutil.Process().memory_info().rss
    return {
        **_quantiles(times),
        "rss_mb": round(rss / 2**20),
        "rss_of_base_mb": round((rss - before) / 2**20),
    }


def measure_growth(size: Size, root: Path, tell: Tell) -> List[Dict[str, Any]]:
    """The search over ever more passages, with the encoder that was built."""
    faiss.omp_set_num_threads(1)
    encoder = load_encoder(load_current(root).encoder_name)
    articles = list(passages(max(size.growth), _LANGUAGE))
    vectors = _vectors(load_current(root).encoder_name, articles, tell)
    rows = []
    for count in size.growth:
        began = time.monotonic()
        tell(f"{count:,} passages")
        nearest = NearestVectors.build(vectors[:count])
        lexical = LexicalIndex.build(articles[:count])
        units = np.zeros((count, 3), dtype=np.int32)
        units[:, 0] = np.arange(count)
        units[:, 1] = KINDS.index(UnitKind.PARAGRAPH)
        ids = [article.id for article in articles[:count]]
        spelling = Spelling.of(article.paragraphs[0] for article in articles[:count])
        index = LanguageIndex(articles[:count], ids, units, nearest, lexical, spelling)
        built_s = time.monotonic() - began
        asked = questions(articles[:count], size.questions)
        answerer = Answerer(encoder, {_LANGUAGE: index}, {_LANGUAGE: CAREFUL})
        times = _times(answerer, [(_LANGUAGE, text) for text in asked])
        rows.append(
            {
                "passages": count,
                "exact": nearest.is_exact,
                "indexed_s": round(built_s, 1),
                **_quantiles(times),
                "recall_at_10": _recall(nearest, vectors[:count], encoder.questions(asked)),
            }
        )
    return rows


def _vectors(encoder_name: str, articles: Sequence[Article], tell: Tell) -> np.ndarray:
    texts = [article.paragraphs[0] for article in articles]
    parts = [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
    found = []
    with multiprocessing.get_context("spawn").Pool(
        initializer=_load, initargs=(encoder_name,)
    ) as pool:
        for part in pool.imap(_encode, parts):
            found.append(part)
            tell(f"{len(found) * _AT_ONCE:,} of {len(texts):,} encoded")
    return np.concatenate(found)


_loaded: Dict[str, Any] = {}


def _load(encoder_name: str) -> None:
    _loaded["encoder"] = load_encoder(encoder_name)


def _encode(texts: List[str]) -> np.ndarray:
    return np.asarray(_loaded["encoder"].documents(texts))


def _recall(nearest: NearestVectors, vectors: np.ndarray, asked: np.ndarray) -> float:
    exact = NearestVectors.build(vectors, exact=True)
    shared = [
        len(set(nearest.search(one, _NEAREST)[1]) & set(exact.search(one, _NEAREST)[1])) / _NEAREST
        for one in asked
    ]
    return round(mean(shared), 4)


def _times(answerer: Answerer, asked: Sequence[Tuple[str, str]]) -> List[float]:
    """Seconds for each question (language, text); the first ones only warm up."""
    for language, text in asked[:: max(1, len(asked) // 20)]:
        answerer.answer(text, language)
    seconds = []
    for language, text in asked:
        began = time.perf_counter()
        answerer.answer(text, language)
        seconds.append(time.perf_counter() - began)
    return seconds


def _quantiles(times: Sequence[float]) -> Dict[str, float]:
    cuts = quantiles(times, n=100)
    return {"p50_ms": round(1000 * cuts[49], 2), "p95_ms": round(1000 * cuts[94], 2)}
