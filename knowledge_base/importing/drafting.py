"""Drafts to articles: defaults, ids, and the rules that every article file obeys."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Sequence

from knowledge_base.article import Article, parse_article, render_article
from knowledge_base.errors import ArticleError
from knowledge_base.importing.draft import Draft, Kind
from knowledge_base.importing.entry import Entry
from knowledge_base.importing.naming import name_from
from knowledge_base.language import HAN, base_language

MOST_ARTICLE_BYTES = 1_000_000

_LANGUAGE_NAMES = {
    **dict.fromkeys(("中文", "汉语", "漢語", "简体中文", "繁體中文", "chinese"), "zh"),
    **dict.fromkeys(("英文", "英语", "英語", "english"), "en"),
}
_CHINESE_TAGS = ("zh", "cmn", "yue")
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile("[A-Za-z]{2,}")


@dataclass(frozen=True)
class Defaults:
    """What a row gets that does not say it itself; without a language, the one it is written in."""

    today: date
    language: str = ""
    topic: str = "general"
    owner: str = "service"


def size_problem(draft: Draft) -> str:
    """Why a draft is too big or too small to go on with; empty if it is neither."""
    size = sum(len(paragraph.encode("utf-8", "replace")) for paragraph in draft.paragraphs)
    if size > MOST_ARTICLE_BYTES:
        return f"{size:,} bytes of text; an article may have {MOST_ARTICLE_BYTES:,}"
    if not draft.title.strip():
        return "title: is empty"
    return "" if size else "text: is empty; an article needs a body"


def make_articles(entries: Sequence[Entry], defaults: Defaults) -> None:
    """Give each entry its article; one that cannot be one, or takes another's id, has a problem."""
    languages = {}
    for entry in entries:
        if entry.draft:
            try:
                languages[entry.where] = _language(entry.draft, defaults)
            except ValueError as error:
                entry.note(Kind.PROBLEM, str(error))
    taken = {(languages.get(e.where, ""), e.draft.id) for e in entries if e.draft}
    used: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        draft = entry.draft
        if draft is None or entry.where not in languages:
            continue
        language = languages[entry.where]
        name = draft.id or _free(name_from(draft.title), language, taken)
        taken.add((language, name))
        first = used.setdefault((language, name), entry)
        if not name:
            entry.note(Kind.PROBLEM, "no id, and none can be made from the title")
        elif first is not entry:
            entry.note(
                Kind.PROBLEM, f"id {name!r} is given twice in {language}, first at {first.where}"
            )
        else:
            _make(entry, draft, replace(defaults, language=language), name)


def _make(entry: Entry, draft: Draft, defaults: Defaults, name: str) -> None:
    if draft.front:
        article = replace(
            draft.front,
            title=draft.title,
            owner=draft.owner,
            questions=draft.questions,
            paragraphs=draft.paragraphs,
        )
    else:
        article = Article(
            id=name,
            title=draft.title,
            topic=name_from(draft.topic) or defaults.topic,
            language=defaults.language,
            owner=draft.owner or defaults.owner,
            updated=draft.updated or defaults.today,
            questions=draft.questions,
            paragraphs=draft.paragraphs,
        )
    try:
        # Whatever is written must be readable again: the same rules for every way in.
        entry.article = parse_article(render_article(article), Path(entry.where))
    except ArticleError as error:
        entry.note(Kind.PROBLEM, error.reason)


def _language(draft: Draft, defaults: Defaults) -> str:
    """What the row says, else the default, else the script that there is more of."""
    said = draft.language.strip().lower()
    if said:
        primary = _LANGUAGE_NAMES.get(said, re.split(r"[-_]", said, maxsplit=1)[0])
        if primary not in (*_CHINESE_TAGS, "en"):
            raise ValueError(f"language {draft.language!r} is neither Chinese nor English")
        return base_language(primary)
    text = "\n".join((draft.title, *draft.paragraphs))
    chinese = len(_HAN_CHARACTER.findall(text)) > len(_LATIN_WORD.findall(text))
    return defaults.language or ("zh" if chinese else "en")


def _free(name: str, language: str, taken: set[tuple[str, str]]) -> str:
    """The name, with a number behind it if another row has it."""
    number, free = 1, name
    while name and (language, free) in taken:
        number += 1
        free = f"{name}-{number}"
    return free
