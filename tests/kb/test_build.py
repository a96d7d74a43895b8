"""Building: repeatable, skipped when nothing changed, never half visible."""

import re
from pathlib import Path
from typing import Any, Callable, List, Tuple

import httpx
import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import (
    BoW,
    Dense,
    Normalize,
    Pooling,
    Transformer,
)

from knowledge_base.answerer import Answered, Answerer, NotAnswered
from knowledge_base.build import ensure_built, open_answerer
from knowledge_base.encoder.loading import OwnEncoder, load_encoder
from knowledge_base.errors import ArticleError, EncoderError, IndexMissing
from knowledge_base.normaliser import normalise
from knowledge_base.settings import Settings
from knowledge_base.store import POINTER, StoredIndex, current_digest, folder_bytes, load_current

Built = Tuple[Settings, List[str]]
NewSettings = Callable[..., Settings]


def test_every_step_of_a_build_is_said(built: Built) -> None:
    assert [line[:3] for line in built[1] if not line.startswith(" ")] == [
        "1/4",
        "2/4",
        "3/4",
        "4/4",
    ]


def test_the_manifest_has_a_threshold_for_each_language(
    opened: Tuple[StoredIndex, Answerer],
) -> None:
    manifest = opened[0].manifest
    assert manifest.articles == {"zh": 3, "en": 3}
    assert set(manifest.thresholds) == {"zh", "en"}
    assert all(0 < each.offer <= each.answer < 1.3 for each in manifest.thresholds.values())
    assert manifest.rehearsal["zh"]["questions"] == 6


def test_an_unchanged_base_is_not_built_again(built: Built) -> None:
    settings = built[0]
    said: List[str] = []
    digest = ensure_built(settings, say=said.append)
    assert said == [f"knowledge base {digest} is up to date"]


@pytest.mark.parametrize("change", ["article", "example", "encoder"])
def test_any_change_means_another_digest(new: NewSettings, change: str) -> None:
    from knowledge_base.sources import read_sources

    settings = new()
    before = read_sources(settings).digest
    if change == "article":
        path = settings.articles_dir / "zh" / "gift-wrap.md"
        path.write_text(path.read_text("utf-8").replace("5元", "6元"), "utf-8")
    elif change == "example":
        (settings.examples_dir / "more.yml").write_text("nlu: []\n")
    else:
        settings = settings.copy(update={"encoder": "somebody/some-model"})
    assert read_sources(settings).digest != before


@pytest.fixture
def new(shop_settings: NewSettings) -> NewSettings:
    return shop_settings


def test_a_new_build_takes_over_and_the_last_one_stays(new: NewSettings, built: Built) -> None:
    settings = new()
    first = ensure_built(settings, say=lambda _: None)
    # The same sources elsewhere: the same digest and the same encoder.
    assert first == current_digest(built[0].index_root)
    question = ["茶叶要放冰箱吗"]
    here, there = (
        load_encoder(load_current(root).encoder_name).questions(question)
        for root in (settings.index_root, built[0].index_root)
    )
    # Sums over several threads differ in the last digit.
    np.testing.assert_allclose(here, there, atol=1e-6)
    path = settings.articles_dir / "zh" / "gift-wrap.md"
    path.write_text(path.read_text("utf-8").replace("5元", "6元"), "utf-8")
    second = ensure_built(settings, say=lambda _: None)
    assert current_digest(settings.index_root) == second != first
    folders = {p.name for p in settings.index_root.iterdir() if p.is_dir()}
    assert folders == {first, second}
    answer = open_answerer(settings.index_root)[1].answer("礼盒要另外收钱吗", "zh")
    assert isinstance(answer, Answered)
    assert "6元" in answer.text


def test_a_failed_build_leaves_the_current_index_in_use(new: NewSettings, built: Built) -> None:
    settings = built[0]
    digest = current_digest(settings.index_root)
    broken = settings.copy(update={"encoder": "./no-such-folder"})
    with pytest.raises(EncoderError):
        ensure_built(broken, say=lambda _: None)
    assert current_digest(settings.index_root) == digest
    assert [p for p in settings.index_root.iterdir() if p.name.startswith(".building")] == []


def test_a_bad_article_stops_the_build(new: NewSettings) -> None:
    settings = new()
    (settings.articles_dir / "zh" / "bad.md").write_text("no front matter", "utf-8")
    with pytest.raises(ArticleError, match=r"bad\.md:1"):
        ensure_built(settings, say=lambda _: None)


def test_an_empty_base_builds_and_answers_nothing(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        articles_dir=tmp_path / "none",
        variants_dir=tmp_path / "none",
        examples_dir=tmp_path / "none",
    ).copy(update={"encoder": ""})
    ensure_built(settings, say=lambda _: None)
    answer = open_answerer(settings.index_root)[1].answer("运费多少", "zh")
    assert answer == NotAnswered(0.0, ())


def test_without_an_index_the_way_to_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="python -m knowledge_base build"):
        open_answerer(tmp_path)


@pytest.mark.parametrize("name", ["zh/articles.jsonl", "zh/vectors.faiss", "en/units.npy"])
def test_a_damaged_index_is_reported(new: NewSettings, name: str, built: Built) -> None:
    import shutil

    root = new().data_dir / "knowledge"
    shutil.copytree(built[0].index_root, root)
    digest = (root / POINTER).read_text().strip()
    (root / digest / name).write_text("{", "utf-8")
    with pytest.raises(IndexMissing, match="damaged"):
        load_current(root)


def test_the_index_is_small_on_disk(opened: Tuple[StoredIndex, Answerer]) -> None:
    encoder = load_encoder(opened[0].encoder_name)
    assert isinstance(encoder, OwnEncoder)
    # Two bytes for each number of the table; everything else weighs little beside it.
    assert folder_bytes(opened[0].folder) < 1.1 * 2 * encoder.features.table.size
    assert not (opened[0].folder / "encoder" / "README.md").exists()


def words_and_dense(folder: Path) -> None:
    """A sentence-transformers model of another shape: words, a dense layer, 32 numbers."""
    torch.manual_seed(3)
    words = sorted({word for text in ENGLISH for word in normalise(text).split()})
    layers: List[Any] = [BoW(words), Dense(len(words), 32), Normalize()]
    SentenceTransformer(modules=layers, device="cpu").save(str(folder))


def small_transformer(folder: Path) -> None:
    """Another one: a BERT that nobody trained, its own WordPiece vocabulary, mean pooling."""
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(3)
    characters = sorted({c for text in (*ENGLISH, *CHINESE) for c in text if not c.isspace()})
    pieces = [*characters, *(f"##{c}" for c in characters), "the", "fridge", "wrap", "##ing"]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *pieces]
    bert = folder / "bert"
    bert.mkdir(parents=True)
    (bert / "vocab.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    BertTokenizerFast(vocab_file=str(bert / "vocab.txt")).save_pretrained(str(bert))
    shape = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    BertModel(shape).save_pretrained(str(bert))
    layers: List[Any] = [Transformer(str(bert)), Pooling(32, "mean")]
    SentenceTransformer(modules=layers, device="cpu").save(str(folder / "saved"))
    for path in (folder / "saved").iterdir():
        path.rename(folder / path.name)


ENGLISH = (
    "can you wrap it as a present is gift wrap free add a ribbon and paper gift box",
    "should tea go in the fridge where do i keep the leaves how long is tea good for",
    "can i come and collect it myself what do i bring to the shop can my wife fetch it",
)
CHINESE = (
    "能帮我包起来吗礼盒要另外收钱",
    "茶叶要放冰箱吗怎么存放",
    "可以自己去店里拿吗自提要带什么",
)


@pytest.mark.parametrize("save_model", [words_and_dense, small_transformer])
def test_another_sentence_transformers_model_serves_as_encoder(
    new: NewSettings,
    commands: Callable[..., int],
    serve: Callable[[Settings], httpx.Client],
    capsys: pytest.CaptureFixture[str],
    save_model: Callable[[Path], None],
) -> None:
    settings = new()
    own = ensure_built(settings, say=lambda _: None)
    folder = settings.data_dir / "other-model"
    save_model(folder)
    changed = settings.copy(update={"encoder": str(folder)})
    assert commands(changed, "build") == 0
    stored, _ = open_answerer(changed.index_root)
    assert stored.manifest.digest != own
    assert stored.manifest.encoder == str(folder)
    assert not (stored.folder / "encoder").exists()
    asked = {"text": "should tea go in the fridge", "language": "en"}
    body = serve(changed).post("/v1/answers", json=asked).json()
    assert body["candidates"][0]["id"] == "tea-storage"
    assert body["answer"]["id"] == "tea-storage"
    assert body["index"] == stored.manifest.digest

    wrong = changed.copy(update={"encoder": str(folder / "not-there")})
    assert commands(wrong, "build") == 2
    assert re.search("^error: .*encoder.*not-there", capsys.readouterr().err, re.M)
    assert current_digest(changed.index_root) == stored.manifest.digest


@pytest.mark.parametrize("left", [[], ["modules.json"], ["notes.txt"]])
def test_a_folder_that_is_no_model_is_said_to_be_none(
    built: Built,
    commands: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    left: List[str],
) -> None:
    for name in left:
        (tmp_path / name).write_text("{", "utf-8")
    before = current_digest(built[0].index_root)
    assert commands(built[0].copy(update={"encoder": str(tmp_path)}), "build") == 2
    assert re.search("^error: the encoder .* cannot be loaded", capsys.readouterr().err, re.M)
    assert current_digest(built[0].index_root) == before
