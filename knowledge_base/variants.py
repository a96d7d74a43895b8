"""Question variants: further ways to ask for an article, kept apart so that articles stay readable.

::

    knowledge_base/questions/<language>/<topic>.yml        return-window:
                                                             - 买了几天还能退
                                                             - …

Search and training treat them like the questions in an article's own front matter.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Mapping, NoReturn, Sequence

import yaml

from knowledge_base.article import Article
from knowledge_base.errors import VariantsError
from knowledge_base.language import LANGUAGES

# (language, article id) -> its further questions, each with where it stands.
Variants = Mapping[tuple[str, str], Sequence[tuple[str, str]]]


def load_variants(folder: Path) -> Variants:
    """Read ``<language>/*.yml`` below a folder; no folder, no variants.

    Raises VariantsError, with file and line, for what is not a list of questions by article.
    """
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for language in LANGUAGES:
        for path in sorted((folder / language).glob("*.yml")):
            for article, question, line in _read(path):
                found.setdefault((language, article), []).append((question, f"{path}:{line}"))
    return found


def with_variants(articles: Sequence[Article], variants: Variants) -> list[Article]:
    """The articles with their variants behind their own questions, each question once.

    Raises VariantsError for variants of an article that does not exist.
    """
    known = {(article.language, article.id) for article in articles}
    for key, questions in variants.items():
        if key not in known:
            raise VariantsError(f"{questions[0][1]}: there is no article {key[1]!r} in {key[0]}")
    return [_asked(article, variants) for article in articles]


def _asked(article: Article, variants: Variants) -> Article:
    further = [question for question, _ in variants.get((article.language, article.id), ())]
    return replace(article, questions=tuple(dict.fromkeys([*article.questions, *further])))


def _read(path: Path) -> list[tuple[str, str, int]]:
    """Article, question and line of every entry."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise VariantsError(f"{path}: not UTF-8 text") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise VariantsError(f"{path}:{line}: not valid YAML: {error.problem}") from error
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        _fail(path, root, "not 'article: list of questions' lines")
    found: list[tuple[str, str, int]] = []
    for key, entries in root.value:
        if not isinstance(entries, yaml.SequenceNode):
            _fail(path, entries, f"{key.value} has no list of questions")
        for entry in entries.value:
            if not isinstance(entry, yaml.ScalarNode) or not str(entry.value).strip():
                _fail(path, entry, "not one line of text (quote it if it has a colon)")
            found.append((key.value, str(entry.value).strip(), entry.start_mark.line + 1))
    return found


def _fail(path: Path, node: yaml.Node, reason: str) -> NoReturn:
    raise VariantsError(f"{path}:{node.start_mark.line + 1}: {reason}")
