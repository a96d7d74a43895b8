"""Cleaning: what is broken is repaired and told, what is sound is left to the letter."""

from typing import Dict, List

import pytest

from knowledge_base.article import load_articles
from knowledge_base.importing.cleaning import clean, remove_boilerplate
from knowledge_base.importing.draft import Draft
from knowledge_base.importing.entry import Entry


def cleaned(text: str) -> "tuple[str, Dict[str, str]]":
    draft, findings = clean(Draft("in.csv:2", "Title", (text,)))
    return "\n\n".join(draft.paragraphs), {f.kind.value: f.text for f in findings}


@pytest.mark.parametrize(
    ("broken", "sound"),
    [
        ("itâ€™s free", "it’s free"),
        ("退货需要多久".encode().decode("latin-1"), "退货需要多久"),
        ("你好".encode().decode("gb18030"), "你好"),
        ("\ud83d\ude00 fine", "😀 fine"),
    ],
)
def test_broken_encodings_are_repaired_and_told(broken: str, sound: str) -> None:
    text, findings = cleaned(broken)
    assert text == sound
    assert f"→ “{sound}”" in findings["encoding"]


@pytest.mark.parametrize(
    "text",
    [
        "全角：“引号”、（括号）！ＡＢＣ１２３％…——《书名》「引號」～",
        "ﬁne ‘quotes’ — “double” … ½ ① ㎡ ™ Café naïve",
        "👨\u200d👩\u200d👧 ❤️ 1️⃣",
        "&lt;b&gt; &amp; R&D",
        "１．步骤一　２．步骤二",
    ],
)
def test_sound_text_is_left_to_the_letter(text: str) -> None:
    assert cleaned(text) == (text, {})


def test_our_own_articles_are_sound() -> None:
    from pathlib import Path

    for article in load_articles(Path("knowledge_base/articles")):
        draft = Draft("x", article.title, article.paragraphs, questions=article.questions)
        assert clean(draft) == (draft, []), article.id


def test_invisible_characters_are_removed_and_counted() -> None:
    text, findings = cleaned("re\u200bturn\u00ad it\ufeff\x07 退\u202e货\ue000")
    assert text == "return it 退货"
    assert findings == {
        "invisible characters": "6 removed: U+0007, U+00AD, U+200B, U+202E, U+E000, U+FEFF"
    }


def test_characters_that_are_lost_are_told() -> None:
    assert "damaged" in cleaned("退货\ufffd")[1]
    assert "damaged" in cleaned("锟斤拷锟斤拷")[1]


def test_titles_and_questions_become_one_line() -> None:
    draft, _ = clean(Draft("x", " How\nlong ", ("a",), questions=(" can\r\nI ", "\u200b")))
    assert (draft.title, draft.questions) == ("How long", ("can I",))


def entries(*texts: "tuple[str, ...]") -> List[Entry]:
    return [Entry(f"in.csv:{n}", Draft(f"in.csv:{n}", "T", t)) for n, t in enumerate(texts)]


@pytest.mark.parametrize("footer", ["© 2026 Tea Shop. All rights reserved.", "点击这里返回首页"])
def test_what_a_third_of_the_rows_repeat_is_removed_and_told(footer: str) -> None:
    rows = entries(("a", footer), (footer, "b"), ("c", footer), ("d",), ("e",))
    remove_boilerplate(rows)
    assert [row.draft.paragraphs for row in rows if row.draft] == [
        ("a",), ("b",), ("c",), ("d",), ("e",)
    ]  # fmt: skip
    assert [f.text for f in rows[0].findings] == [f"“{footer}”"]
    assert rows[3].findings == []


def test_what_two_rows_share_or_too_few_of_many_is_kept() -> None:
    two = entries(("a", "same"), ("b", "same"))
    few = entries(*[(f"{n}", "same") if n < 3 else (f"{n}",) for n in range(10)])
    for rows in (two, few):
        remove_boilerplate(rows)
        assert not any(row.findings for row in rows)


def test_a_row_of_nothing_else_keeps_it() -> None:
    rows = entries(("Ask us.",), ("Ask us.",), ("Ask us.",))
    remove_boilerplate(rows)
    assert not any(row.findings for row in rows)
