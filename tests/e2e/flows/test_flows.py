"""Every flow as whole conversations in both languages, that end in the shop's database.

Each is held eight times, by eight customers with the same orders: the ends must be the same.
"""

import asyncio
import json
from pathlib import Path
from typing import Any, Dict, List

import pytest

from bot.evaluation.installation import Installation
from bot.evaluation.replay import DialogueRow, play
from bot.settings import Settings

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

HERE = Path(__file__).parent
TIMES = 8
AT_ONCE = 6
FILES = sorted(path.name for path in HERE.glob("*.jsonl"))


def rows_of(name: str) -> List[Dict[str, Any]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def end_of(played: Dict[str, Any]) -> Dict[str, Any]:
    """What a dialogue ended in, without what is each time another: its own numbers."""
    kept = dict(played["found"]["end_state"])
    rows = kept.pop("rows", {})
    told = {
        table: sorted(
            json.dumps({k: v for k, v in row.items() if "number" not in k}, default=str)
            for row in found
        )
        for table, found in rows.items()
    }
    counted = {word: sorted(map(str, of.values())) for word, of in kept.items() if _by_order(of)}
    rest = {word: value for word, value in kept.items() if not _by_order(value)}
    return {"rows": told, **counted, **rest}


def _by_order(value: Any) -> bool:
    return isinstance(value, dict)


async def played(system: Any, rows: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    settings = Settings(data_dir=system.data_dir, **system.secrets)
    room = asyncio.Semaphore(AT_ONCE)

    async with Installation.reached(settings, "") as installation:

        async def one(row: Dict[str, Any]) -> Dict[str, Any]:
            async with room:
                return await play(installation, DialogueRow.parse_obj(row))

        return list(await asyncio.gather(*(one(row) for row in rows)))


@pytest.mark.parametrize("name", FILES)
async def test_conversations_end_as_they_should_every_time(
    system: Any, clones: Any, name: str
) -> None:
    rows = rows_of(name)
    clones.forget_failures()
    all_rows = [
        {**clones.dialogue(row), "id": f"{row['id']}#{n}", "line": line}
        for line, row in enumerate(rows, start=1)
        for n in range(TIMES)
    ]
    results = await played(system, all_rows)
    failed = [result for result in results if not result["passed"]]
    assert not failed, told(failed)
    for row in rows:
        ends = [end_of(each) for each in results if each["id"].rpartition("#")[0] == row["id"]]
        assert len(ends) == TIMES and all(end == ends[0] for end in ends), row["id"]


def told(failed: List[Dict[str, Any]]) -> str:
    """One failure of each dialogue, to be read."""
    first = {each["id"].rpartition("#")[0]: each for each in reversed(failed)}
    parts = []
    for name, each in sorted(first.items()):
        said = "\n".join(f"    {said['from']}: {said['text']}" for said in each["transcript"])
        wrong = [word for word, right in each["verdict"].items() if right is False]
        parts.append(f"{name}: {wrong} {each['errors']}\n{said}\n    {each['found']}")
    return "\n\n".join(parts)
