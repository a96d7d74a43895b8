"""Commands of the knowledge base: build, ask, eval, import, serve."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Sequence

from knowledge_base.errors import KnowledgeError
from knowledge_base.language import LANGUAGES, detect_language
from knowledge_base.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code, 2 for an error that is explained."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen, Settings()))
    except KnowledgeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge_base", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = commands.add_parser("build", help="build the index if anything changed")
    build.set_defaults(run=_build)
    ask = commands.add_parser("ask", help="answer one question")
    ask.add_argument("text", metavar="TEXT")
    ask.add_argument("--language", choices=LANGUAGES, help="default: as the text is written")
    ask.set_defaults(run=_ask)
    evaluate = commands.add_parser("eval", help="measure quality and speed")
    evaluate.add_argument("--corpus", type=Path, help="foreign articles, JSON Lines")
    evaluate.add_argument("--queries", type=Path, help="their queries, JSON Lines")
    evaluate.add_argument("--out", type=Path, help="write the figures here as JSON")
    evaluate.set_defaults(run=_eval)
    bring_in = commands.add_parser("import", help="bring in articles from a file or folder")
    bring_in.add_argument("file", metavar="FILE", type=Path, help=".md, .jsonl or a folder of .md")
    bring_in.set_defaults(run=_import)
    serve = commands.add_parser("serve", help="answer over HTTP")
    serve.set_defaults(run=_serve)
    return parser


def _say(line: str) -> None:
    # Progress is not the result: `eval` and `ask` print that alone on standard output.
    print(line, file=sys.stderr, flush=True)


def _build(_: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.build import ensure_built

    ensure_built(settings, say=_say)
    return 0


def _ask(chosen: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.answerer import Answered, Unsure
    from knowledge_base.build import ensure_built, open_answerer

    ensure_built(settings, say=_say)
    _, answerer = open_answerer(settings.index_root)
    answer = answerer.answer(chosen.text, chosen.language or detect_language(chosen.text))
    if isinstance(answer, Answered):
        print(f"{answer.title} [{answer.article_id}, {answer.updated}, {answer.score:.2f}]")
        print(answer.text)
    elif isinstance(answer, Unsure):
        print(f"one of these? [{answer.score:.2f}]")
    else:
        print(f"no answer [{answer.score:.2f}]")
    for near in answer.candidates:
        _say(f"  {near.score:5.2f}  {near.id}  {near.title}")
    return 0


def _eval(chosen: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.evaluation import evaluate_foreign, evaluate_own

    if (chosen.corpus is None) != (chosen.queries is None):
        raise KnowledgeError("--corpus and --queries go together")
    if chosen.corpus is None:
        figures = evaluate_own(settings, say=_say)
    else:
        figures = evaluate_foreign(settings, chosen.corpus, chosen.queries, say=_say)
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    print(text)
    if chosen.out is not None:
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        chosen.out.write_text(text + "\n", encoding="utf-8")
    return 0


def _import(chosen: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.importer import import_articles

    written = import_articles(chosen.file, settings.articles_dir, today=date.today())
    for path in written:
        print(path)
    _say(f"{len(written)} article(s) imported; python -m knowledge_base build puts them to use")
    return 0


def _serve(_: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.serve import serve

    serve(settings, say=_say)
    return 0


if __name__ == "__main__":
    sys.exit(main())
