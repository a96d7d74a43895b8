"""Features of a text, their hashes and the table of what is known."""

import subprocess
import sys
from typing import Dict, Set

import numpy as np
import pytest

from knowledge_base.encoder.features import KIND_WEIGHTS, Hashed, extract_features, feature_hash
from knowledge_base.encoder.vocabulary import learn_vocabulary, look_up


def test_a_feature_has_the_same_hash_on_every_machine() -> None:
    assert feature_hash("c2:运费") == 2089341959262012994
    assert feature_hash("w:coupon") == 1592313640737574019


def test_features_and_their_order_do_not_depend_on_the_process() -> None:
    code = (
        "from knowledge_base.encoder.features import Hashed, extract_features, feature_hash; "
        "print([feature_hash(name) for name in extract_features('refund my coupon 运费多少')])"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert str(feature_hash("t:coupon")) in found.pop()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("退款", {"c1:退", "c1:款", "c2:退款", "zw:退款", "t:退款"}),
        ("退款单", {"c2:款单", "c3:退款单"}),
        ("gift box", {"w:gift", "w:box", "b:gift box", "p:<gi", "p:box>"}),
        ("coupon怎么用", {"w:coupon", "c3:怎么用", "t:coupon"}),
        ("XE20260001", {"w:xe20260001"}),
        ("99", {"w:99"}),
    ],
)
def test_a_text_has_these_features(text: str, expected: Set[str]) -> None:
    assert expected <= set(extract_features(text))


@pytest.mark.parametrize("text", ["", " ", "？！…", "😀"])
def test_a_text_without_letters_has_no_features(text: str) -> None:
    assert extract_features(text) == {}


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [("請問運費怎麼計算？", "请问运费怎么计算？"), ("發票開錯了", "发票开错了")],
)
def test_traditional_and_simplified_have_the_same_features(
    traditional: str, simplified: str
) -> None:
    assert extract_features(traditional) == extract_features(simplified)


def test_a_long_word_weighs_no_more_than_a_short_one() -> None:
    def pieces(word: str) -> float:
        weights = [w for name, w in extract_features(word).items() if name.startswith("p:")]
        return sum(weight**2 for weight in weights) ** 0.5

    assert pieces("gift") == pytest.approx(KIND_WEIGHTS["p"])
    assert pieces("reimbursement") == pytest.approx(KIND_WEIGHTS["p"])


def hashed(weights: Dict[str, float]) -> Hashed:
    names = [feature_hash(name) for name in weights]
    return np.array(names, dtype=np.int64), np.array(list(weights.values()), dtype=np.float32)


def group(*names: str) -> np.ndarray:
    return np.array([feature_hash(name) for name in names], dtype=np.int64)


def test_an_unknown_feature_gets_a_row_of_its_own_kind_and_the_greatest_weight() -> None:
    vocabulary = learn_vocabulary(
        [group("w:tea", "w:shop", "w:tea"), group("w:shop"), group("w:box", "w:shop")]
    )
    names = hashed({"w:tea": 1.0, "w:shop": 1.0, "w:spaceship": 1.0})
    rows, weights = look_up(names, vocabulary, 16)
    known = len(vocabulary.hashes)
    assert known == 3
    assert rows[0] < known
    assert rows[1] < known
    assert known <= rows[2] < known + 16
    assert weights[1] < weights[0] < weights[2]


def test_with_nothing_learned_everything_is_unknown() -> None:
    rows, weights = look_up(hashed({"w:tea": 2.0}), learn_vocabulary([]), 16)
    assert 0 <= rows[0] < 16
    assert weights[0] > 0
    assert look_up(hashed({}), learn_vocabulary([]), 16)[0].dtype == np.int64
