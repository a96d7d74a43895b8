"""The same article twice: dropped, or flagged when only nearly the same."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

from knowledge_base.article import Article, render_article
from knowledge_base.importing.report import ImportRefused, Report

BringIn = Callable[..., Report]

CHINESE = (
    "收到货以后7天内都可以退，不用说理由，商品不影响再卖就行。来回的运费按照页面上写的规则算。"
)
ENGLISH = (
    "You can send anything back within seven days of signing for it without telling us why as long "
    "as somebody else could still buy it and we collect the parcel from your door on a day you "
    "choose between nine and six"
)


def outcomes(tmp_path: Path, bring_in: BringIn, *rows: Dict[str, Any], **more: Any) -> List[Any]:
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    report = bring_in(source, **more)
    return [
        (
            e.outcome.value,
            [f"{f.kind.value}: {f.text}".replace(f"{tmp_path}/", "") for f in e.findings],
        )
        for e in report.entries
    ]


def test_a_row_that_says_nothing_else_is_dropped(tmp_path: Path, bring_in: BringIn) -> None:
    row = {"title": "退货", "text": CHINESE, "questions": ["能退吗"]}
    less = {**row, "questions": []}
    assert outcomes(tmp_path, bring_in, row, less) == [
        ("taken", []),
        ("dropped", ["duplicate: the same as in.jsonl:1"]),
    ]


def test_another_way_to_ask_or_another_title_is_not_lost(tmp_path: Path, bring_in: BringIn) -> None:
    row = {"title": "退货", "text": CHINESE}
    found = outcomes(
        tmp_path, bring_in, row, {**row, "questions": ["能退吗"]}, {**row, "title": "能退吗"}
    )
    assert [outcome for outcome, _ in found] == ["taken"] + ["taken with warnings"] * 2
    assert found[1][1] == ["near-duplicate: 100% the text of in.jsonl:1, “退货”"]


@pytest.mark.parametrize(
    ("text", "nearly"),
    [(CHINESE, CHINESE.replace("规则算", "规则")), (ENGLISH, ENGLISH.replace("door", "home"))],
)
def test_a_text_that_is_nearly_the_same_is_flagged(
    tmp_path: Path, bring_in: BringIn, text: str, nearly: str
) -> None:
    rows = {"title": "One 一", "text": text}, {"title": "Two 二", "text": nearly}
    (_, none), (outcome, told) = outcomes(tmp_path, bring_in, *rows)
    assert none == [] and outcome == "taken with warnings"
    assert "the text of in.jsonl:1" in told[0]
    with pytest.raises(ImportRefused, match="in.jsonl:2: [89].% the text of"):
        outcomes(tmp_path, bring_in, *rows, strict=True)


def test_traditional_and_simplified_characters_are_the_same_text(
    tmp_path: Path, bring_in: BringIn
) -> None:
    rows = {"title": "退款", "text": "退款三天到账。"}, {"title": "錢", "text": "退款三天到賬。"}
    assert outcomes(tmp_path, bring_in, *rows)[1][1] == [
        "near-duplicate: 100% the text of in.jsonl:1, “退款”"
    ]


def test_different_texts_are_not_flagged(tmp_path: Path, bring_in: BringIn) -> None:
    rows = [
        {"title": "Returns", "text": ENGLISH},
        {"title": "Delivery", "text": "Parcels leave our house every afternoon at four."},
        {"title": "退货", "text": CHINESE},
        {"title": "发货", "text": "每天下午四点前付款的订单当天发出，节假日顺延。"},
    ]
    assert [found for _, found in outcomes(tmp_path, bring_in, *rows)] == [[], [], [], []]


def test_articles_that_exist_are_compared_with_unless_they_are_replaced(
    tmp_path: Path, bring_in: BringIn, article: Article
) -> None:
    home = tmp_path / "articles" / "zh" / "gift-wrap.md"
    home.parent.mkdir(parents=True)
    home.write_text(render_article(replace(article, questions=())), encoding="utf-8")
    text = "\n\n".join(article.paragraphs)
    same = {"id": "other", "title": article.title, "text": text}
    near = {"id": "near", "title": "包装", "text": text}
    found = outcomes(tmp_path, bring_in, same, near, dry_run=True)
    assert found[0] == ("dropped", ["duplicate: the same as articles/zh/gift-wrap.md"])
    assert found[1][1] == [
        f"near-duplicate: 100% the text of articles/zh/gift-wrap.md, “{article.title}”"
    ]
    again = {"id": "gift-wrap", "title": "包装", "text": text}
    assert outcomes(tmp_path, bring_in, again)[0][1] == ["replaces: articles/zh/gift-wrap.md"]
