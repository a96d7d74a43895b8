"""The gateway's commands: run, train, token, agent add, dead-letters, export, erase."""

import argparse
import asyncio
import sys
from typing import List, Optional

from pydantic import ValidationError

from bot.settings import Settings, load_settings


def main(arguments: Optional[List[str]] = None) -> int:
    """Run a command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0]).upper()
            print(f"Setting {name}: {problem['msg']}.", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Xiaoer's gateway.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="prepare and start everything").set_defaults(run=_run)
    train = commands.add_parser("train", help="train the assistant if needed")
    train.add_argument("--validate", action="store_true", help="check the data, train anyway")
    train.set_defaults(run=_train)
    token = commands.add_parser("token", help="a customer's token for trying the API")
    token.add_argument("--customer", required=True, metavar="ID")
    token.add_argument("--minutes", type=int, default=60)
    token.set_defaults(run=_token)
    agent = commands.add_parser("agent", help="agents' accounts").add_subparsers(
        dest="agent_command", required=True
    )
    add = agent.add_parser("add", help="make an account and print its password once")
    add.add_argument("name")
    add.add_argument("--skills", default="", help="comma-separated, such as returns,zh")
    add.set_defaults(run=_add_agent)
    dead = commands.add_parser("dead-letters", help="replies that no push door could deliver")
    dead.set_defaults(run=_list_dead_letters)
    replay = dead.add_subparsers(dest="dead_command").add_parser(
        "replay", help="deliver them once more, under the same ids"
    )
    replay.add_argument("--conversation", metavar="ID", help="of this conversation alone")
    replay.set_defaults(run=_replay_dead_letters)
    for name, text in (
        ("export", "print everything kept about a shopper, as JSON"),
        ("erase", "delete everything kept about a shopper; orders stay"),
    ):
        command = commands.add_parser(name, help=text)
        who = command.add_mutually_exclusive_group(required=True)
        who.add_argument("--customer", metavar="ID", help="the shop's own number of a customer")
        who.add_argument("--visitor", metavar="ID", help="the `sub` of a visitor's token")
        who.add_argument("--conversation", metavar="ID", help="as tickets and logs name it")
        command.set_defaults(run=_personal_data)
    return parser


def _run(_: argparse.Namespace) -> int:
    from bot.supervisor.child import ChildFailed
    from bot.supervisor.ports import PortBusy
    from bot.supervisor.preparation import PreparationFailed
    from bot.supervisor.run_file import AlreadyRunning
    from bot.supervisor.supervisor import run

    try:
        asyncio.run(run(load_settings()))
    except (PortBusy, AlreadyRunning, PreparationFailed, ChildFailed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _train(options: argparse.Namespace) -> int:
    from bot.supervisor.preparation import PreparationFailed, run_step, training_step
    from bot.training import model_path

    if model_path().exists() and not options.validate:
        print(f"  {model_path()} is up to date")
        return 0
    try:
        asyncio.run(run_step(training_step(load_settings(), validate=options.validate)))
    except PreparationFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _token(options: argparse.Namespace) -> int:
    from bot.tokens import tokens_of

    tokens = tokens_of(load_settings())
    try:
        print(tokens.customer(options.customer, seconds=options.minutes * 60))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _add_agent(options: argparse.Namespace) -> int:
    skills = [skill.strip() for skill in options.skills.split(",") if skill.strip()]
    password = asyncio.run(_agent_password(load_settings(), options.name, skills))
    if password is None:
        print(f"There is an agent called {options.name} already.", file=sys.stderr)
        return 1
    print(f"Agent {options.name}, password (shown only now): {password}")
    return 0


def _personal_data(options: argparse.Namespace) -> int:
    from bot import privacy_commands

    run = privacy_commands.export if options.command == "export" else privacy_commands.erase
    return run(options)


async def _agent_password(settings: Settings, name: str, skills: List[str]) -> Optional[str]:
    from bot.desk.agents import AgentBook
    from bot.storage.connection import connect
    from bot.supervisor.embedded import reachable_redis

    async with reachable_redis(settings) as url:
        redis = connect(url)
        try:
            return await AgentBook(redis).add(name, skills)
        finally:
            await redis.close()


def _list_dead_letters(_: argparse.Namespace) -> int:
    from bot import dead_letters

    letters = asyncio.run(dead_letters.listed(load_settings()))
    print(dead_letters.table(letters) if letters else "There are no dead letters.")
    return 0


def _replay_dead_letters(options: argparse.Namespace) -> int:
    from bot import dead_letters

    count = asyncio.run(dead_letters.replayed(load_settings(), options.conversation))
    print(f"Put back to be delivered once more: {count}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
