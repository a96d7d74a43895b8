"""Measurements: `python -m bot.evaluation intents | pipeline | entities | replay | quality`."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

from pydantic import ValidationError

from bot.evaluation.errors import EvaluationError
from bot.evaluation.rows import ready_to_write, write_report
from bot.training import ROOT, quieten

RECORDED = ROOT / "tests" / "nlu" / "recorded.json"


def main(arguments: Optional[List[str]] = None) -> int:
    """Run a measurement; returns the exit code, 2 for an error that is explained."""
    options = _parser().parse_args(arguments)
    quieten()
    try:
        if options.out is not None:
            ready_to_write(options.out)
        options.run(options)
    except (EvaluationError, ValidationError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.evaluation", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    files = "JSON Lines, or CSV with a header"
    intents = commands.add_parser("intents", help="what the trained model decides")
    intents.add_argument("--test", type=Path, required=True, metavar="FILE", help=files)
    intents.add_argument(
        "--record", action="store_true", help="tests compare with these figures from now on"
    )
    intents.set_defaults(run=_intents)
    pipeline = commands.add_parser("pipeline", help="how well config.yml learns a foreign set")
    pipeline.add_argument("--train", type=Path, required=True, metavar="FILE", help=files)
    pipeline.add_argument("--test", type=Path, required=True, metavar="FILE", help=files)
    pipeline.add_argument(
        "--oos", default="out_of_scope", metavar="LABEL", help="the label of foreign matters"
    )
    pipeline.set_defaults(run=_pipeline)
    entities = commands.add_parser("entities", help="what is found in messages")
    entities.add_argument("--test", type=Path, required=True, metavar="FILE")
    entities.set_defaults(run=_entities)
    replay = commands.add_parser("replay", help="dialogues against the running system")
    replay.add_argument("--dialogues", type=Path, required=True, metavar="FILE")
    replay.add_argument("--url", default="", help="where it runs, if not as DATA_DIR says")
    replay.set_defaults(run=_replay)
    for command in (intents, pipeline, entities, replay):
        command.add_argument("--out", type=Path, metavar="FILE", help="write the report here")
    quality = commands.add_parser("quality", help="all of our own, with plots; `make eval`")
    quality.add_argument("--out", type=Path, default=Path("reports/eval.json"), metavar="FILE")
    quality.set_defaults(run=_quality)
    return parser


def _intents(options: argparse.Namespace) -> None:
    from bot.evaluation import intents, record, scores

    figures = scores.report(intents.measured(options.test))
    _keep(options, figures, intents.printed(figures))
    if options.record:
        write_report(RECORDED, record.worth_keeping(figures))


def _pipeline(options: argparse.Namespace) -> None:
    from bot.evaluation import pipeline

    figures = pipeline.measure(options.train, options.test, options.oos)
    _keep(options, figures, pipeline.printed(figures))


def _entities(options: argparse.Namespace) -> None:
    from bot.evaluation import entities

    figures = entities.measure(options.test)
    _keep(options, figures, entities.printed(figures))


def _replay(options: argparse.Namespace) -> None:
    from bot.evaluation import replay
    from bot.settings import load_settings

    rows = replay.read(options.dialogues)
    figures = asyncio.run(replay.measure(load_settings(), rows, options.url))
    _keep(options, figures, replay.printed(figures))


def _quality(options: argparse.Namespace) -> None:
    from bot.evaluation import quality

    figures = quality.measure(options.out.with_name("understanding.png"))
    _keep(options, figures, quality.printed(figures))


def _keep(options: argparse.Namespace, figures: Dict[str, Any], shown: str) -> None:
    if options.out is not None:
        write_report(options.out, figures)
    print(f"\n{shown}\n")


if __name__ == "__main__":
    sys.exit(main())
