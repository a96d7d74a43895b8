"""The lexicon: lines of words that say the same or go together, found again in texts."""

from pathlib import Path
from typing import Callable, Iterator

import pytest

from knowledge_base.encoder import lexicon
from knowledge_base.encoder.lexicon import RELATED, lexicon_terms, nearness, terms_in
from knowledge_base.normaliser import normalise


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Writes a lexicon of these lines in place of the shop's, a file for each call."""
    monkeypatch.setattr(lexicon, "FOLDER", tmp_path)
    forget()

    def written(*lines: str, name: str = "words") -> None:
        path = tmp_path / f"{name}.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    yield written
    forget()


def forget() -> None:
    lexicon._neighbours.cache_clear()
    nearness.cache_clear()


def near(one: str, other: str) -> float:
    terms = lexicon_terms()
    return float(nearness()[terms.index(one), terms.index(other)])


def test_a_line_has_what_says_the_same_and_behind_the_bar_what_goes_together(
    write: Callable[..., None],
) -> None:
    write("丢了: 遗失, 不见了 | 查件")
    assert lexicon_terms() == sorted(["丢了", "遗失", "不见了", "查件"])
    # Each of the three has the head as its one neighbour, the head has 1 + 1 + RELATED.
    assert near("丢了", "遗失") == near("丢了", "不见了") == pytest.approx((2 + RELATED) ** -0.5)
    assert near("丢了", "查件") == pytest.approx(RELATED / (RELATED * (2 + RELATED)) ** 0.5)
    assert near("遗失", "不见了") == 0


def test_nearness_is_the_same_from_both_sides_and_nothing_is_its_own_neighbour(
    write: Callable[..., None],
) -> None:
    write("lose: lost, mislay | find", "find: track, lose | parcel", "lose: lose")
    matrix = nearness()
    assert (matrix != matrix.T).nnz == 0
    assert matrix.diagonal().tolist() == [0.0] * len(lexicon_terms())


def test_the_nearer_of_two_lines_counts(write: Callable[..., None]) -> None:
    write("coupon: voucher | discount", "voucher: | coupon")
    assert near("coupon", "voucher") == pytest.approx((1 + RELATED) ** -0.5)


def test_a_word_with_many_neighbours_is_less_near_to_each(write: Callable[..., None]) -> None:
    write("thing: item, piece, object, article", "coupon: voucher")
    assert near("thing", "item") == pytest.approx(0.5)
    assert near("coupon", "voucher") == pytest.approx(1.0)


@pytest.mark.parametrize(
    "line", ["", "   ", "# 说明: 不是词", "lonely:", "lonely", "lonely: | ", "lonely: , ,"]
)
def test_a_line_without_a_neighbour_adds_no_word(write: Callable[..., None], line: str) -> None:
    write("运费: 邮费", line)
    assert lexicon_terms() == sorted(["运费", "邮费"])


def test_all_files_are_one_lexicon(write: Callable[..., None]) -> None:
    write("运费: 邮费", name="zh")
    write("postage: delivery fee", name="own")
    assert lexicon_terms() == sorted(["运费", "邮费", "postag", "deliveri fee"])


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("you charged the delivery fee twice", {"deliveri fee", "twice"}),
        ("Two times? Fees for delivery!", {"two time"}),
        ("it isn't here", {"isn't here"}),
        ("freight costs", set()),
        ("你们多收了我邮费", {"邮费", "多收"}),
        ("運費多收兩次", {"运费", "多收", "两次"}),
        ("邮, 费", set()),
        ("order 的运费", {"运费"}),
        ("", set()),
    ],
)
def test_words_and_phrases_are_found_in_texts_of_either_script(
    write: Callable[..., None], text: str, terms: "set[str]"
) -> None:
    write(
        "Delivery Fee: postage",
        "two times: twice",
        "isn't here: missing",
        "運費: 邮费",
        "多收: 兩次",
    )
    assert terms_in(normalise(text)) == terms


def test_a_phrase_of_more_than_three_words_is_not_looked_for(write: Callable[..., None]) -> None:
    write("out of stock: not there any more")
    assert terms_in("it is out of stock, not there any more") == {"out of stock"}


def test_the_shop_s_own_lexicon_has_both_languages() -> None:
    forget()
    assert terms_in(normalise("包裹遺失了")) and terms_in("my parcel was mislaid")
    matrix = nearness()
    assert abs(matrix - matrix.T).max() < 1e-6
