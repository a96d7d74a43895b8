"""What the search box is given."""

import json
from pathlib import Path

from knowledge_base.article import load_articles
from knowledge_base.help_centre.search_index import search_index
from knowledge_base.settings import Settings
from knowledge_base.variants import load_variants, with_variants

ROOT = Path(__file__).resolve().parents[3]
MOST_BYTES = 400_000


def test_title_questions_and_plain_body_are_there(article):
    body = ("看[这里](https://a.example)：\n- **第一**\n- 第二", "下一段")
    row = json.loads(search_index([article(paragraphs=body)]))["articles"][0]
    assert row == ["gift-wrap", "礼品包装怎么选", "能帮我包起来吗", "看这里：\n第一\n第二\n下一段"]


def test_characters_of_the_other_script_lead_to_those_of_the_articles(article):
    source, target = json.loads(search_index([article(title="发票和礼品", paragraphs=("退",))]))[
        "fold"
    ]
    fold = dict(zip(source, target))
    assert fold["發"] == "发" and fold["髮"] == "发" and fold["禮"] == "礼"
    assert "龜" not in fold and len(source) == len(target)


def test_our_own_articles_make_a_file_that_a_phone_loads_quickly():
    settings = Settings(_env_file=None)
    articles = with_variants(
        load_articles(ROOT / settings.articles_dir), load_variants(ROOT / settings.variants_dir)
    )
    for language in ("zh", "en"):
        mine = [article for article in articles if article.language == language]
        assert len(mine) >= 110
        assert len(search_index(mine).encode("utf-8")) < MOST_BYTES
