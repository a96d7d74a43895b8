"""`python -m bench speed | chaos | shop | knowledge`."""

import argparse
import signal
import sys
from pathlib import Path
from typing import List, Optional

REPORTS = Path("reports")


def main(arguments: Optional[List[str]] = None) -> int:
    """Run a measurement; returns the exit code."""
    options = _parser().parse_args(arguments)
    # Ended from outside like by Ctrl-C: what was started has to be stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        print("\n  stopped", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures Xiaoer.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what, run in (
        ("speed", "how fast it is, beside plain Rasa", _speed),
        ("chaos", "what is lost when parts are killed", _chaos),
        ("shop", "how fast the shop's database is with a million orders", _shop),
        ("knowledge", "how fast the knowledge base is with a million passages", _knowledge),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("--quick", action="store_true", help="small, to see that it runs")
        command.add_argument("--out", type=Path, default=REPORTS, metavar="FOLDER")
        command.set_defaults(run=run)
        if name == "chaos":
            command.add_argument("--seed", type=int, default=1, help="of what happens when")
        if name == "shop":
            command.add_argument("--database", metavar="URL", help="an empty one; else SQLite")
    return parser


def _speed(options: argparse.Namespace) -> int:
    from bench.speed.command import main
    from bench.speed.run import QUICK, Size

    return main(QUICK if options.quick else Size(), options.out)


def _chaos(options: argparse.Namespace) -> int:
    from bench.chaos.command import main
    from bench.chaos.talk import QUICK, Size

    return main(QUICK if options.quick else Size(), options.out, seed=options.seed)


def _shop(options: argparse.Namespace) -> int:
    from bench.shop.command import MILLION, QUICK, main

    return main(QUICK if options.quick else MILLION, options.out, database=options.database)


def _knowledge(options: argparse.Namespace) -> int:
    from bench.knowledge.command import FULL, QUICK, main

    return main(QUICK if options.quick else FULL, options.out)


if __name__ == "__main__":
    sys.exit(main())
