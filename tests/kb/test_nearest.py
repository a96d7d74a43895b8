"""The nearest vectors: all of them looked at, or codes of them."""

from pathlib import Path
from typing import List

import numpy as np
import pytest

from knowledge_base.nearest import EXACT_UP_TO, SHORTLIST, NearestVectors


def directions(count: int, *, seed: int = 1) -> np.ndarray:
    """Vectors of length one in a few hundred bundles, as texts of the same subjects are."""
    random = np.random.default_rng(seed)
    subjects = random.standard_normal((300, 32))
    found = subjects[random.integers(300, size=count)] + 0.5 * random.standard_normal((count, 32))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return directions(8_000)


@pytest.fixture(scope="module")
def codes(vectors: np.ndarray) -> NearestVectors:
    return NearestVectors.build(vectors, exact=False)


def test_a_small_base_is_looked_at_whole(vectors: np.ndarray) -> None:
    nearest = NearestVectors.build(vectors)
    assert nearest.is_exact
    scores, places = nearest.search(vectors[17], 3)
    assert places[0] == 17
    assert scores[0] == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_array_equal(places, np.argsort(-(vectors @ vectors[17]))[:3])


def test_a_large_base_gets_codes() -> None:
    assert not NearestVectors.build(directions(EXACT_UP_TO + 1)).is_exact


def test_codes_find_nearly_all_that_is_near(vectors: np.ndarray, codes: NearestVectors) -> None:
    exact = NearestVectors.build(vectors)
    asked = directions(200, seed=2)
    shared = [
        len(set(codes.search(one, 10)[1]) & set(exact.search(one, 10)[1])) / 10 for one in asked
    ]
    assert np.mean(shared) >= 0.97


def test_codes_give_as_many_as_are_looked_at(vectors: np.ndarray, codes: NearestVectors) -> None:
    scores, places = codes.search(vectors[0], 10 * SHORTLIST)
    assert len(places) == SHORTLIST
    assert len(set(places.tolist())) == len(places)
    assert (np.diff(scores) <= 0).all()


def test_the_same_vectors_give_the_same_codes(vectors: np.ndarray, tmp_path: Path) -> None:
    for name in ("one", "other"):
        NearestVectors.build(vectors[:2_000], exact=False).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.parametrize("exact", [True, False])
def test_a_saved_one_finds_the_same(vectors: np.ndarray, exact: bool, tmp_path: Path) -> None:
    nearest = NearestVectors.build(vectors[:2_000], exact=exact)
    nearest.save(tmp_path / "vectors")
    loaded = NearestVectors.load(tmp_path / "vectors")
    assert (loaded.is_exact, len(loaded)) == (exact, 2_000)
    for one, other in zip(nearest.search(vectors[5], 20), loaded.search(vectors[5], 20)):
        np.testing.assert_array_equal(one, other)
    found = loaded.products(3, 2, vectors[5])
    np.testing.assert_allclose(found, vectors[3:5] @ vectors[5], atol=1e-3)


def test_building_says_how_far_it_is(vectors: np.ndarray) -> None:
    heard: List[int] = []
    NearestVectors.build(vectors, exact=False, progress=heard.append)
    assert heard == [len(vectors)]


def test_nothing_is_near_in_an_empty_base() -> None:
    nearest = NearestVectors.build(np.zeros((0, 32), dtype=np.float32))
    assert len(nearest) == 0
    assert len(nearest.search(directions(1)[0], 3)[1]) == 0
