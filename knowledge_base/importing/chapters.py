"""Drafts from the sections of a document or a page."""

from __future__ import annotations

from pathlib import Path
from typing import Sequence

from knowledge_base.importing.blocks import Section
from knowledge_base.importing.draft import Draft, Found, Kind, Problem, Remark


def drafts(path: Path, cut: Sequence[Section], unit: str, *, title: str = "") -> Found:
    """An article a section; a heading right before a deeper one is the name of a chapter.

    A text without any heading is one article of the given title. ``unit`` is what a section's
    number counts.
    """
    if not cut:
        yield Problem(str(path), "there is no text in it")
    if len(cut) == 1 and not cut[0].title and title:
        yield Draft(f"{path}: {unit} 1", title, cut[0].paragraphs)
        return
    for section, follower in zip(cut, [*cut[1:], None]):
        where = f"{path}: {unit} {section.number}"
        is_chapter = follower is not None and follower.level > section.level
        if section.title and (section.paragraphs or not is_chapter):
            yield Draft(where, section.title, section.paragraphs)
        elif not section.title and len(cut) == 1:
            yield Problem(where, "no heading in it that gives a title")
        elif not section.title:
            begin = section.paragraphs[0][:40]
            yield Remark(where, Kind.LEFT_OUT, f"text before the first heading: “{begin}”")
