"""`python -m bot export | erase`: a shopper's right to a copy, and to be forgotten.

What others read goes to stdout, what is told meanwhile to stderr.
"""

import argparse
import asyncio
import contextlib
import json
import sqlite3
import sys
from typing import Any, Awaitable, Callable, Dict, Optional, Tuple, TypeVar

from redis.exceptions import RedisError

from bot.personal_data import PersonalData, is_empty
from bot.settings import Settings, load_settings
from bot.storage.append_only_file import Rewrite, rewrite
from bot.storage.connection import connect
from bot.supervisor.child import ChildFailed
from bot.supervisor.embedded import reachable_redis
from bot.supervisor.run_file import AlreadyRunning
from bot.tokens import tokens_of

Done = TypeVar("Done")

FILE = {
    Rewrite.DONE: "Redis's append-only file was rewritten and holds none of it any more.",
    Rewrite.ABSENT: "This Redis keeps no append-only file; its next snapshot holds none of it.",
    Rewrite.REFUSED: "This Redis does not let us rewrite its append-only file (BGREWRITEAOF): "
    "what was deleted is gone from the file when Redis rewrites it by itself.",
    Rewrite.FAILED: "Redis could not rewrite its append-only file, which still holds what was "
    "deleted. See Redis's log, and run this again.",
}
# The knowledge base's journal, below DATA_DIR.
QUESTIONS = "knowledge/questions.db"
STAYS = (
    "What stays: orders, returns and refunds with their notes, because a shop must keep its "
    "transactions for three years (E-Commerce Law of China, art. 31); a record of this erasure "
    "without personal data; backups and other systems, which are not reached from here."
)


def export(options: argparse.Namespace) -> int:
    """Print all that is kept about a shopper as JSON; returns the exit code."""

    async def work(redis: Any, settings: Settings) -> Dict[str, Any]:
        return await _data(redis, settings).export(_conversation(options, settings))

    exported = _run(work)
    if exported is None:
        return 1
    if is_empty(exported):
        print("Nothing is kept about them.", file=sys.stderr)
    # JSON is UTF-8, whatever the terminal speaks.
    sys.stdout.buffer.write(json.dumps(exported, ensure_ascii=False, indent=2).encode() + b"\n")
    return 0


def erase(options: argparse.Namespace) -> int:
    """Delete all that is kept about a shopper and say what became of it; returns the exit code."""

    async def work(redis: Any, settings: Settings) -> Tuple[Dict[str, int], Rewrite]:
        print("Waiting for a running turn, then deleting …", file=sys.stderr)
        erased = await _data(redis, settings).erase(_conversation(options, settings))
        print("Rewriting Redis's append-only file …", file=sys.stderr)
        return erased, await rewrite(redis)

    done = _run(work)
    if done is None:
        return 1
    erased, rewritten = done
    print("Erased:" if erased else "Nothing was kept about them.")
    for kind, count in erased.items():
        print(f"  {kind:<12} {count}")
    print(FILE[rewritten])
    print(STAYS)
    return 1 if rewritten is Rewrite.FAILED else 0


def _run(work: Callable[[Any, Settings], Awaitable[Done]]) -> Optional[Done]:
    """Do it on this installation's Redis; None when that cannot be reached, which is told."""

    async def on_redis() -> Done:
        settings = load_settings()
        async with reachable_redis(settings) as url:
            redis = connect(url)
            try:
                return await work(redis, settings)
            finally:
                await redis.close()

    try:
        with contextlib.redirect_stdout(sys.stderr):
            return asyncio.run(on_redis())
    except (AlreadyRunning, ChildFailed) as error:
        print(error, file=sys.stderr)
    except RedisError as error:
        print(f"Redis does not answer as it should: {error}", file=sys.stderr)
    except sqlite3.Error as error:
        print(f"{QUESTIONS} cannot be read or written, run this again: {error}", file=sys.stderr)
    return None


def _data(redis: Any, settings: Settings) -> PersonalData:
    return PersonalData(
        redis, turn_timeout=settings.turn_timeout, questions=settings.data_dir / QUESTIONS
    )


def _conversation(options: argparse.Namespace, settings: Settings) -> str:
    if options.conversation:
        return str(options.conversation)
    tokens = tokens_of(settings)
    shopper = tokens.shopper(customer_id=options.customer, visitor_id=options.visitor)
    return shopper.conversation_id
