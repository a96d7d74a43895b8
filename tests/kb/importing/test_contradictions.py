"""Two sentences that cannot both be true, and many that can."""

import json
from pathlib import Path
from typing import Any, Callable, List

import pytest

from knowledge_base.article import Article, render_article
from knowledge_base.importing.report import ImportRefused, Report

BringIn = Callable[..., Report]


def contradictions(
    tmp_path: Path, bring_in: BringIn, *rows: "tuple[str, str]", **more: Any
) -> List[str]:
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(json.dumps({"title": t, "text": b}) for t, b in rows), "utf-8")
    report = bring_in(source, **more)
    return [
        finding.text.replace(f"{tmp_path}/", "")
        for entry in report.entries
        for finding in entry.findings
        if finding.kind.value == "contradiction"
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("退货期限", "收到后7天内可以退货。"), ("几天可以退货", "收到后15天内可以退货。")),
        (("退货期限", "收到后七天内可以退货。"), ("退貨期限", "收到後15天內可以退貨。")),
        (("包邮", "订单满¥99包邮。"), ("多少钱包邮", "订单满88元包邮。")),
        (("双十一", "活动从11月1日开始。"), ("活动时间", "活动从2026年11月5日开始。")),
        (("营业时间", "门店每天9:00开门。"), ("几点开门", "门店每天10:00开门。")),
        (("发货", "发货后3-5天送到。"), ("多久送到", "发货后4-7天送到。")),
        (
            ("Return period", "You can return goods within 7 days."),
            ("Returning goods", "You can return the goods within fifteen days."),
        ),
        (
            ("Free delivery", "Delivery is free from ¥99."),
            ("Delivery costs", "Delivery is free from 88 yuan."),
        ),
        (
            ("Autumn sale", "The sale ends on 30 November."),
            ("When does the sale end?", "The sale ends on November 20th."),
        ),
    ],
)
def test_another_number_in_the_same_sentence_is_flagged(
    tmp_path: Path, bring_in: BringIn, one: "tuple[str, str]", other: "tuple[str, str]"
) -> None:
    (told,) = contradictions(tmp_path, bring_in, one, other, dry_run=True)
    assert told == f"“{other[1]}” (paragraph 1) – “{one[1]}” (in.jsonl:1, paragraph 1)"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("退货期限", "收到后7天内可以退货。"), ("退货时间", "收到后七天内可以退货。")),
        (("退货期限", "收到后7天内可以退货。"), ("退款", "退款3天内到账。")),
        (("退货", "收到后7天内可以退货。"), ("Returns", "You can return goods within 15 days.")),
        (("手机13保修", "手机13的保修期是1年。"), ("手机14保修", "手机14的保修期是2年。")),
        (("Express", "Express parcels take 1 day."), ("Freight", "Sea freight takes 30 days.")),
        (("Points", "You get 5 points for a review."), ("Coupons", "A coupon lasts 30 days.")),
    ],
)
def test_what_is_about_something_else_is_not(
    tmp_path: Path, bring_in: BringIn, one: "tuple[str, str]", other: "tuple[str, str]"
) -> None:
    assert contradictions(tmp_path, bring_in, one, other, dry_run=True) == []


def test_articles_that_exist_are_compared_with(
    tmp_path: Path, bring_in: BringIn, article: Article
) -> None:
    home = tmp_path / "articles" / "zh" / "gift-wrap.md"
    home.parent.mkdir(parents=True)
    home.write_text(render_article(article), encoding="utf-8")
    row = ("礼品包装收费", "下单的时候勾选礼品包装就行，每件收8元。")
    (told,) = contradictions(tmp_path, bring_in, row, dry_run=True)
    assert told.endswith("每件收5元。” (articles/zh/gift-wrap.md, paragraph 1)")
    with pytest.raises(ImportRefused, match="每件收8元"):
        contradictions(tmp_path, bring_in, row, strict=True)


def test_our_own_articles_contradict_each_other_hardly_ever(
    tmp_path: Path, bring_in: BringIn
) -> None:
    report = bring_in(Path("knowledge_base/articles"), dry_run=True)
    flagged = [e.where for e in report.entries if e.findings]
    assert len(flagged) <= len(report.entries) * 0.01, flagged
