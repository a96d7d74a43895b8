import pytest

from shop.facts import load_fact_words


def test_every_attribute_has_words_in_both_languages() -> None:
    words = load_fact_words()
    assert len(words) >= 30
    for key, by_language in words.items():
        assert set(by_language) == {"zh", "en"}, key
        assert all(len(set(listed)) == len(listed) >= 6 for listed in by_language.values()), key


def test_a_word_may_not_belong_to_two_attributes(tmp_path) -> None:
    path = tmp_path / "facts.yml"
    path.write_text("weight: {zh: [多重], en: [how heavy]}\nload: {zh: [承重], en: [How heavy]}\n")
    with pytest.raises(ValueError, match="'how heavy' belongs to weight and load"):
        load_fact_words(path)
