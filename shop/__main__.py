"""The shop's commands, which ``python -m shop --help`` lists.

Beside the way of a message. Exit code 1 means nothing was changed.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime

from shop import open_shop
from shop.demo.catalogue import as_training_data, load_names
from shop.errors import NotADemoShop, ShopError
from shop.importing.command import add_arguments, run_import
from shop.rights import Policy, load_policies, load_policy
from shop.rights.table import document
from shop.seed import refresh, seed
from shop.settings import ShopSettings
from shop.sql import schema
from shop.sql.engine import create_folder, open_engine


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code."""
    options = _parser().parse_args(arguments)
    if options.command == "catalogue":
        print(as_training_data(load_names()), end="")
        return 0
    if options.command == "rights":
        print(document(), end="")
        return 0
    if options.command == "describe":
        return _describe()
    if options.command == "serve":
        return _serve(options)
    settings = ShopSettings()
    url = options.database or settings.database_url
    try:
        if options.command == "import":
            return run_import(options, url, load_policies(settings.policy))
        policy = load_policy()
        today = datetime.now(policy.zone).date()
        if options.command == "seed":
            print(_seed(url, policy, today, force=options.force))
        elif options.command == "refresh":
            print(_refresh(url, today))
        else:
            print(_migrate(url))
    except NotADemoShop as error:
        print(f"Nothing changed: {error}. To replace it, add --force.", file=sys.stderr)
        return 1
    except (ShopError, OSError) as error:
        print(f"Nothing changed: {error.__cause__ or error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shop", description="The shop's data.")
    commands = parser.add_subparsers(dest="command", required=True)
    seeding = commands.add_parser("seed", help="fill a database with the demo shop")
    seeding.add_argument(
        "--force", action="store_true", help="replace data that is not the demo shop's"
    )
    moving = commands.add_parser("refresh", help="move an earlier day's demo shop to today")
    commands.add_parser(
        "catalogue", help="print the demo shop's product names as training data for Rasa"
    )
    commands.add_parser("rights", help="print docs/rights.md: what the rules say to each case")
    migrating = commands.add_parser(
        "migrate", help="bring a shop's database to this version's tables, keeping what is in it"
    )
    importing = commands.add_parser("import", help="read a shop's own data from files")
    add_arguments(importing)
    commands.add_parser("describe", help="print what a shop's own system offers, as OpenAPI")
    serving = commands.add_parser("serve", help="offer the shop over HTTP (SHOP_API_TOKEN)")
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8010)
    for command in (seeding, moving, migrating, importing, serving):
        command.add_argument("--database", metavar="URL", help="instead of SHOP_DATABASE_URL")
    return parser


def _seed(url: str, policy: Policy, today: date, *, force: bool) -> str:
    create_folder(url)
    engine = open_engine(url)
    world = seed(engine, today=today, policy=policy, force=force)
    shown = engine.url.render_as_string(hide_password=True)
    return (
        f"Seeded {shown} as of {today}: {len(world.customers)} customers, "
        f"{len(world.products)} products, {len(world.orders)} orders."
    )


def _refresh(url: str, today: date) -> str:
    days = refresh(open_engine(url), today=today)
    return f"Moved the demo shop by {days} days." if days else "Nothing to move."


def _migrate(url: str) -> str:
    create_folder(url)
    before, after = schema.migrate(open_engine(url))
    if before == after:
        return f"The tables are version {after} already."
    return (
        f"Tables of version {after} are there."
        if before is None
        else (f"Brought the tables from version {before} to {after}.")
    )


def _describe() -> int:
    # Not for everybody who looks at the shop: it loads a whole web framework.
    from shop.http.description import as_yaml
    from shop.http.server import describe

    print(as_yaml(describe()), end="")
    return 0


def _serve(options: argparse.Namespace) -> int:
    from shop.http.server import serve

    settings = ShopSettings()
    if not settings.api_token:
        print("Set SHOP_API_TOKEN first, else anybody could ask.", file=sys.stderr)
        return 1
    own = settings.copy(
        update={"api_url": "", "database_url": options.database or settings.database_url}
    )
    try:
        shop = open_shop(own)
    except ShopError as error:
        print(f"Cannot serve: {error.__cause__ or error}", file=sys.stderr)
        return 1
    with closing(shop):
        serve(shop, settings.api_token, host=options.host, port=options.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
