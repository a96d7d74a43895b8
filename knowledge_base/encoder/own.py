"""Making the encoder trained here: vocabulary, initial table, training, one after the other."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Callable, Sequence

import numpy as np

from knowledge_base.article import Article
from knowledge_base.encoder.features import Hashed, feature_hash, hashed_features
from knowledge_base.encoder.initial import BUCKETS, initial_table, lean_on_neighbours
from knowledge_base.encoder.lexicon import lexicon_terms, nearness
from knowledge_base.encoder.loading import OwnEncoder
from knowledge_base.encoder.table import FeatureTable
from knowledge_base.encoder.training import Lesson, TrainingPlan, train
from knowledge_base.encoder.vocabulary import Vocabulary, learn_vocabulary, look_up
from knowledge_base.examples import Example
from knowledge_base.index import Unit, UnitKind, units_of

# Of a large base so many articles teach the encoder; more say the same again.
MOST_ARTICLES = 10_000


def own_encoder(
    articles: Sequence[Article],
    examples: Sequence[Example],
    *,
    plan: TrainingPlan,
    hashed: Callable[[str], Hashed] = hashed_features,
) -> OwnEncoder:
    """Train an encoder on articles; the examples only teach it how shoppers talk.

    With ``plan.steps == 0`` the table stays as it began. Same input, same encoder. ``hashed`` may
    remember what it was asked before.
    """
    if len(articles) > MOST_ARTICLES:
        articles = random.Random(plan.seed).sample(list(articles), MOST_ARTICLES)
    units = units_of(articles)
    vocabulary = _vocabulary(articles, units, examples, hashed)
    texts = dict.fromkeys([unit.text for unit in units] + [example.text for example in examples])
    rows = {text: look_up(hashed(text), vocabulary, BUCKETS) for text in texts}
    table = initial_table(list(rows.values()), len(vocabulary.hashes), seed=plan.seed)
    lean_on_neighbours(table, term_rows(vocabulary), nearness())
    train(table, [_lesson(articles, unit, rows[unit.text]) for unit in units], plan)
    return OwnEncoder(FeatureTable(vocabulary, table.numpy(), hashed=hashed))


def term_rows(vocabulary: Vocabulary) -> np.ndarray:
    """Rows of the lexicon's terms in the table, in the order of ``lexicon_terms()``."""
    return np.searchsorted(vocabulary.hashes, _term_hashes())


def _lesson(articles: Sequence[Article], unit: Unit, rows: tuple[np.ndarray, np.ndarray]) -> Lesson:
    asks = unit.kind is not UnitKind.PARAGRAPH
    return Lesson(*rows, unit.article, articles[unit.article].language, asks)


def _term_hashes() -> np.ndarray:
    return np.array([feature_hash(f"t:{term}") for term in lexicon_terms()], dtype=np.int64)


def _vocabulary(
    articles: Sequence[Article],
    units: Sequence[Unit],
    examples: Sequence[Example],
    hashed: Callable[[str], Hashed],
) -> Vocabulary:
    groups: dict[object, list[np.ndarray]] = defaultdict(list)
    for unit in units:
        groups[unit.article].append(hashed(unit.text)[0])
    said = [hashed(example.text)[0] for example in examples]
    if said:
        # What a single example says is chance; it stays an unknown feature.
        found, counts = np.unique(np.concatenate(said), return_counts=True)
        often = found[counts > 1]
        for example, hashes in zip(examples, said):
            groups[example.intent, example.language].append(hashes[_among(hashes, often)])
    return learn_vocabulary(map(np.concatenate, groups.values()), np.sort(_term_hashes()))


def _among(values: np.ndarray, ascending: np.ndarray) -> np.ndarray:
    if not len(ascending):
        return np.zeros(len(values), dtype=bool)
    places = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    return ascending[places] == values
