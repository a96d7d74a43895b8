"""Ids of rows that have none."""

from datetime import date
from typing import List

from knowledge_base.importing.draft import Draft
from knowledge_base.importing.drafting import Defaults, make_articles
from knowledge_base.importing.entry import Entry


def ids(*drafts: Draft) -> List[str]:
    rows = [Entry(draft.where, draft) for draft in drafts]
    make_articles(rows, Defaults(date(2026, 11, 20)))
    return [f"{row.article.language}/{row.article.id}" for row in rows if row.article]


def test_rows_of_the_same_title_get_numbers_and_given_ids_come_first() -> None:
    drafts = [
        Draft("1", "Returns", ("a",)),
        Draft("2", "Returns", ("b",)),
        Draft("3", "Other", ("c",), id="returns"),
        Draft("4", "退货", ("好",)),
        Draft("5", "退貨", ("好吧",)),
    ]
    assert ids(*drafts) == [
        "en/returns-2",
        "en/returns-3",
        "en/returns",
        "zh/tui-huo",
        "zh/tui-huo-2",
    ]
    assert ids(*drafts) == ids(*drafts)


def test_both_languages_may_have_the_same_id() -> None:
    drafts = [Draft("1", "A", ("a",), id="x"), Draft("2", "甲", ("乙",), id="x")]
    assert ids(*drafts) == ["en/x", "zh/x"]
