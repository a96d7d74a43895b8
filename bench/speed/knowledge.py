"""How long the knowledge service takes for a question."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any, Dict, List

import aiohttp
import numpy as np

from bench.installation import Installation
from bench.speed.load import Load
from bot.training import ROOT
from knowledge_base.store import current_digest

_QUESTIONS = ROOT / "tests" / "kb" / "questions.jsonl"


def held_out_questions() -> List[Dict[str, str]]:
    """Questions that the index was not built from, as the actions would ask them."""
    rows = [json.loads(line) for line in _QUESTIONS.read_text("utf-8").splitlines() if line]
    return [{"text": row["text"], "language": row["lang"].split("-")[0]} for row in rows]


async def measure(target: Installation, questions: List[Dict[str, str]]) -> Dict[str, Any]:
    """Ask the questions one after another."""
    load = Load()
    headers = {"Authorization": f"Bearer {target.service_token}"}
    url = f"{target.knowledge_url}/v1/answers"
    async with aiohttp.ClientSession(headers=headers) as http:
        for question in questions:
            begun = time.monotonic()
            try:
                async with http.post(url, json=question) as response:
                    await response.read()
                    response.raise_for_status()
            except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                load.failures.append(type(error).__name__)
            else:
                load.seconds.append(time.monotonic() - begun)
    return {
        "passages": passages(target.folder / "knowledge"),
        "questions": len(questions),
        "p50_ms": round(load.quantile_ms(0.5), 1),
        "p95_ms": round(load.quantile_ms(0.95), 1),
        "errors": len(load.failures),
    }


def passages(index_root: Path) -> int:
    """The searchable passages of the index in use."""
    folder = index_root / current_digest(index_root)
    return sum(len(np.load(file)) for file in folder.glob("*/units.npy"))
