"""Commands of the knowledge base, from building to serving."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Sequence

from knowledge_base.article import Article
from knowledge_base.errors import KnowledgeError
from knowledge_base.importing.command import add_arguments
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
    build.add_argument("--force", action="store_true", help="put it to use even if it finds less")
    build.add_argument("--dry-run", action="store_true", help="build and compare, use nothing")
    build.set_defaults(run=_build)
    watch = commands.add_parser("watch", help="build whenever an article is saved")
    watch.set_defaults(run=_watch)
    replay = commands.add_parser("replay", help="which questions the last build changed")
    replay.set_defaults(run=_replay)
    back = commands.add_parser("rollback", help="go back to the index before the current one")
    back.set_defaults(run=_rollback)
    review = commands.add_parser("review", help="articles that are due for reading, or out of date")
    review.add_argument("--days", type=int, default=180, help="how long a reading holds (180)")
    review.set_defaults(run=_review)
    ask = commands.add_parser("ask", help="answer one question")
    ask.add_argument("text", metavar="TEXT")
    ask.add_argument("--language", choices=LANGUAGES, help="default: as the text is written")
    ask.set_defaults(run=_ask)
    evaluate = commands.add_parser("eval", help="measure quality and speed")
    evaluate.add_argument("--corpus", type=Path, help="foreign articles, JSON Lines")
    evaluate.add_argument("--queries", type=Path, help="their queries, JSON Lines")
    evaluate.add_argument("--out", type=Path, help="write the figures here as JSON")
    evaluate.add_argument("--plots", metavar="FOLDER", type=Path, help="draw the figures here")
    evaluate.set_defaults(run=_eval)
    bring_in = commands.add_parser("import", help="bring in articles from a file or folder")
    add_arguments(bring_in)
    bring_in.set_defaults(run=_import)
    pages = commands.add_parser("pages", help="write the help centre's pages into a folder")
    pages.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="made if missing")
    pages.add_argument("--chat", metavar="ADDRESS", help="of the chat; else it is above the folder")
    pages.set_defaults(run=_pages)
    gaps = commands.add_parser("gaps", help="what shoppers asked in vain, and what to make of it")
    gaps.add_argument("--days", type=int, default=30, help="how far back (30)")
    gaps.add_argument("--language", choices=LANGUAGES, default="", help="default: both")
    gaps.add_argument("--json", action="store_true", help="everything, as JSON")
    close = gaps.add_mutually_exclusive_group()
    close.add_argument("--draft", metavar="GAP", help="begin an article; goes with --id")
    close.add_argument("--variant", nargs=2, metavar=("GAP", "ARTICLE"), help="add its questions")
    close.add_argument("--dismiss", metavar="GAP", help="never show it or its like again")
    gaps.add_argument("--id", metavar="ARTICLE", help="the new article's id")
    gaps.add_argument("--topic", default="", help="its topic; default: the nearest article's")
    gaps.set_defaults(run=_gaps)
    serve = commands.add_parser("serve", help="answer over HTTP")
    serve.set_defaults(run=_serve)
    return parser


def _say(line: str) -> None:
    # Progress is not the result: `eval` and `ask` print that alone on standard output.
    print(line, file=sys.stderr, flush=True)


def _build(chosen: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.build import ensure_built

    ensure_built(settings, say=_say, force=chosen.force, dry_run=chosen.dry_run)
    return 0


def _watch(_: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.watch import watch

    watch(settings, say=_say)
    return 0


def _replay(_: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.gate import asked_lately
    from knowledge_base.replay_report import read_report, readable

    report = read_report(settings.index_root)
    words = {str(asked.asked_at): asked.text for asked in asked_lately(settings, _say)}
    for line in readable(report, words) if report else ["no build has replaced another one yet"]:
        print(line)
    return 0


def _rollback(_: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.store import roll_back

    digest = roll_back(settings.index_root)
    print(f"knowledge base {digest} is in use again")
    return 0


def _review(chosen: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.article import load_articles

    today = date.today()
    for article in load_articles(settings.articles_dir):
        age = (today - article.last_read).days
        if not article.is_valid(today):
            print(f"{article.language}/{article.id}: not served today ({_span(article)})")
        elif age > chosen.days:
            print(f"{article.language}/{article.id}: read {age} days ago, by {article.owner}")
    return 0


def _span(article: Article) -> str:
    first, last = article.valid_from or "", article.valid_until or ""
    return f"valid {first} – {last}"


def _ask(chosen: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.answerer import Answered, Unsure
    from knowledge_base.build import ensure_built, open_answerer

    ensure_built(settings, say=_say)
    stored, answerer = open_answerer(settings.index_root)
    if not sum(stored.manifest.articles.values()):
        print(f"there are no articles in {settings.articles_dir}")
        return 0
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
        figures = evaluate_own(settings, say=_say, plots=chosen.plots)
    else:
        figures = evaluate_foreign(
            settings, chosen.corpus, chosen.queries, say=_say, plots=chosen.plots
        )
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    print(text)
    if chosen.out is not None:
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        chosen.out.write_text(text + "\n", encoding="utf-8")
    return 0


def _import(chosen: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.importing.command import run

    return run(chosen, settings.articles_dir, show=print, say=_say)


def _pages(chosen: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.build import read_sources
    from knowledge_base.help_centre.export import export_pages

    articles = read_sources(settings).articles
    count = export_pages(chosen.out, articles, today=date.today(), chat=chosen.chat)
    _say(f"{count} files in {chosen.out}; write them anew when articles change, begin or end")
    return 0


def _gaps(chosen: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.gap_commands import run

    print(run(chosen, settings, today=date.today()))
    return 0


def _serve(_: argparse.Namespace, settings: Settings) -> int:
    from knowledge_base.serve import serve

    serve(settings, say=_say)
    return 0


if __name__ == "__main__":
    sys.exit(main())
