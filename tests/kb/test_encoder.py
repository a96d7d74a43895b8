"""The encoder trained here: a real sentence-transformers model, saved, loaded and repeatable."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import List

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import BoW

from knowledge_base.article import Article
from knowledge_base.encoder.loading import OwnEncoder, PretrainedEncoder, load_encoder
from knowledge_base.encoder.own import own_encoder
from knowledge_base.encoder.training import TrainingPlan
from knowledge_base.errors import EncoderError
from knowledge_base.examples import Example

PLAN = TrainingPlan(steps=5)
TEXTS = ["能帮我包起来吗", "can you wrap it", "茶叶怎么放", "unheard-of words", "?"]


@pytest.fixture(scope="module")
def encoder(articles: List[Article]) -> OwnEncoder:
    return own_encoder(articles, [Example("你好", "greet", "zh")], plan=PLAN)


def test_a_saved_encoder_gives_the_same_vectors_when_loaded(
    encoder: OwnEncoder, tmp_path: Path
) -> None:
    encoder.save(tmp_path / "model")
    loaded = load_encoder(str(tmp_path / "model"))
    np.testing.assert_array_equal(encoder.questions(TEXTS), loaded.questions(TEXTS))
    modules = json.loads((tmp_path / "model" / "modules.json").read_text())
    assert [module["type"].rsplit(".", 1)[-1] for module in modules] == [
        "NgramEmbedding",
        "Normalize",
    ]


def test_the_same_articles_give_the_same_encoder(
    encoder: OwnEncoder, articles: List[Article]
) -> None:
    again = own_encoder(articles, [Example("你好", "greet", "zh")], plan=PLAN)
    np.testing.assert_array_equal(encoder.documents(TEXTS), again.documents(TEXTS))


def test_a_saved_encoder_is_a_sentence_transformers_model(
    encoder: OwnEncoder, tmp_path: Path
) -> None:
    encoder.save(tmp_path / "model")
    model = SentenceTransformer(str(tmp_path / "model"), device="cpu", local_files_only=True)
    texts = [*TEXTS, "", "coupon怎么用", "礼盒" * 200, "gift wrapping for my aunt's birthday"]
    np.testing.assert_allclose(encoder.questions(texts), model.encode(texts), atol=1e-6)
    assert encoder.is_quick


def test_answering_needs_neither_torch_nor_sentence_transformers(
    encoder: OwnEncoder, tmp_path: Path
) -> None:
    encoder.save(tmp_path / "model")
    code = (
        "import sys; import knowledge_base.serve; from knowledge_base.build import open_answerer; "
        "from knowledge_base.encoder.loading import load_encoder; "
        "load_encoder(sys.argv[1]).questions(['coupon怎么用']); "
        "print([name for name in ('torch', 'sentence_transformers', 'sklearn', 'bm25s') "
        "if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "model")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [("禮品包裝怎麼選", "礼品包装怎么选"), ("茶葉要放冰箱嗎？", "茶叶要放冰箱吗？")],
)
def test_traditional_and_simplified_questions_get_the_same_vector(
    encoder: OwnEncoder, traditional: str, simplified: str
) -> None:
    one, other = encoder.questions([traditional, simplified])
    np.testing.assert_array_equal(one, other)
    assert np.linalg.norm(one) == pytest.approx(1.0, abs=1e-5)


def test_a_model_of_another_kind_is_asked_by_sentence_transformers() -> None:
    words = BoW(vocab=["tea", "gift"])
    foreign = PretrainedEncoder(SentenceTransformer(modules=[words], device="cpu"))
    assert not foreign.is_quick
    np.testing.assert_array_equal(foreign.questions(["tea tea", "gift"]), [[1, 0], [0, 1]])


def test_strange_words_lead_away_from_what_a_text_says(encoder: OwnEncoder) -> None:
    known, plain, strange = encoder.questions(
        ["gift wrapping", "gift wrapping please", "gift wrapping zyxomma quokka fjord"]
    )
    assert known @ strange < known @ plain < 1


def test_a_text_without_words_has_an_empty_vector(encoder: OwnEncoder) -> None:
    assert not encoder.questions(["？？"]).any()
    assert encoder.questions([]).shape == (0, 512)


def test_training_draws_a_question_to_its_article(articles: List[Article]) -> None:
    def margin(plan: TrainingPlan) -> float:
        english = [replace(a, questions=a.questions[1:]) for a in articles if a.language == "en"]
        vectors = own_encoder(english, [], plan=plan).questions(
            [english[0].questions[0], *english[0].paragraphs[:1], *english[1].paragraphs[:1]]
        )
        return float(vectors[0] @ vectors[1] - vectors[0] @ vectors[2])

    assert margin(TrainingPlan(steps=20)) > margin(TrainingPlan(steps=0))


def test_an_encoder_of_nothing_still_encodes() -> None:
    assert own_encoder([], [], plan=PLAN).questions(["hello"]).shape == (1, 512)


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/at/all", "nobody/has-this-model"])
def test_an_encoder_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(EncoderError, match=name):
        load_encoder(name)


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[{}]")
    with pytest.raises(EncoderError, match="cannot be loaded"):
        load_encoder(str(tmp_path))
