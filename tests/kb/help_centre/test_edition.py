"""Words, headings and days of each edition."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge_base.article import load_articles
from knowledge_base.help_centre.edition import EDITIONS, topic_order

ROOT = Path(__file__).resolve().parents[3]


def test_every_topic_of_our_articles_has_a_heading_in_both_languages():
    topics = {article.topic for article in load_articles(ROOT / "knowledge_base" / "articles")}
    assert topics <= set(topic_order())
    for edition in EDITIONS:
        assert not [name for name in topics if edition.topic(name) == name]


def test_every_edition_has_the_same_words_with_the_same_places():
    words = yaml.safe_load((ROOT / "knowledge_base/help_centre/words.yml").read_text("utf-8"))
    assert list(words) == [edition.folder for edition in EDITIONS]
    for name in words["zh"]:
        for edition in EDITIONS:
            assert name in edition.words
    for name in ("found", "nothing", "more", "updated", "article_count"):
        places = {frozenset(re.findall(r"{\w+}", each[name])) for each in words.values()}
        assert len(places) == 1 and places != {frozenset()}, name


@pytest.mark.parametrize(
    ("folder", "written"),
    [("zh", "2026年3月9日"), ("zh-Hant", "2026 年 3 月 9 日"), ("en", "9 March 2026")],
)
def test_a_day_is_written_as_its_readers_write_it(folder, written):
    edition = next(each for each in EDITIONS if each.folder == folder)
    assert edition.day(date(2026, 3, 9)) == written
