"""Making the encoder trained here: vocabulary, initial table, training, one after the other."""

from __future__ import annotations

from collections import defaultdict
from typing import Sequence

import numpy as np
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize

from knowledge_base.article import Article
from knowledge_base.encoder.features import extract_features, feature_hash
from knowledge_base.encoder.initial import BUCKETS, initial_table, lean_on_neighbours
from knowledge_base.encoder.lexicon import lexicon_terms, nearness
from knowledge_base.encoder.module import NgramEmbedding
from knowledge_base.encoder.training import Lesson, TrainingPlan, train
from knowledge_base.encoder.vocabulary import Vocabulary, learn_vocabulary, look_up
from knowledge_base.examples import Example
from knowledge_base.index import UnitKind, units_of


def own_encoder(
    articles: Sequence[Article], examples: Sequence[Example], *, plan: TrainingPlan
) -> SentenceTransformer:
    """Train an encoder on articles; the examples only teach it how shoppers talk.

    With ``plan.steps == 0`` the table stays as it began. Same input, same encoder.
    """
    lessons = _lessons(articles)
    texts = [lesson.text for lesson in lessons] + [example.text for example in examples]
    features = {text: extract_features(text) for text in dict.fromkeys(texts)}
    vocabulary = _vocabulary(lessons, examples, features)
    rows = [look_up(features[text], vocabulary, BUCKETS) for text in features]
    table = initial_table(rows, len(vocabulary.hashes), seed=plan.seed)
    lean_on_neighbours(table, term_rows(vocabulary), nearness())
    module = NgramEmbedding(vocabulary, table)
    train(module, lessons, plan)
    return SentenceTransformer(modules=[module, Normalize()], device="cpu", local_files_only=True)


def term_rows(vocabulary: Vocabulary) -> np.ndarray:
    """Rows of the lexicon's terms in the table, in the order of ``lexicon_terms()``."""
    hashes = np.array([feature_hash(f"t:{term}") for term in lexicon_terms()], dtype=np.int64)
    return np.searchsorted(vocabulary.hashes, hashes)


def _lessons(articles: Sequence[Article]) -> list[Lesson]:
    return [
        Lesson(unit.text, unit.article, articles[unit.article].language, unit.kind is not _PLAIN)
        for unit in units_of(articles)
    ]


_PLAIN = UnitKind.PARAGRAPH


def _vocabulary(
    lessons: Sequence[Lesson], examples: Sequence[Example], features: dict[str, dict[str, float]]
) -> Vocabulary:
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for lesson in lessons:
        groups["article", str(lesson.article)].update(features[lesson.text])
    once: set[str] = set()
    often: set[str] = set()
    for example in examples:
        often |= once.intersection(features[example.text])
        once.update(features[example.text])
    for example in examples:
        # What a single example says is chance; it stays an unknown feature.
        groups[example.intent, example.language].update(often.intersection(features[example.text]))
    return learn_vocabulary(groups.values(), [f"t:{term}" for term in lexicon_terms()])
