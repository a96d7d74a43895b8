"""Our side of a measurement: the whole installation, started as a user would start it.

It has a data folder, secrets and ports of its own and goes away afterwards; whatever the
environment or `.env` say about a real shop, a real Redis or real keys does not reach it.
"""

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, AsyncIterator, Dict, List, Optional

import psutil
from sqlalchemy.engine import Engine

from bench.shoppers import Shopper, add_shoppers
from bot.conversation.identity import DAY, Tokens
from bot.supervisor.ports import free_ports
from bot.training import ROOT
from shop.sql.engine import open_engine

# Settings for a load that comes from one address and few shoppers; limits are for single ones.
UNLIMITED = {
    "MESSAGE_BURST": "100000",
    "MESSAGES_PER_SECOND": "100000",
    "ADDRESS_BURST": "100000",
    "ADDRESS_MESSAGES_PER_SECOND": "100000",
}
_START_SECONDS = 300.0
_STOP_SECONDS = 40.0
# The supervisor's last line when everything is up.
_UP = "Ctrl-C stops everything"


class InstallationFailed(Exception):
    """The installation did not start; the message has the supervisor's last lines."""


class Installation:
    """A running installation. `ready_s` is how long it took from the command to the readiness."""

    def __init__(self, folder: Path, **settings: str) -> None:
        (port,) = free_ports(1)
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self.ready_s = 0.0
        self.shoppers: List[Shopper] = []
        self._output = folder / "output.log"
        self._process: Optional[asyncio.subprocess.Process] = None
        self.service_token = secrets.token_hex(16)
        shop_secret, visitor_secret = secrets.token_hex(32), secrets.token_hex(32)
        self._environment = {
            **os.environ,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "DATA_DIR": str(folder),
            "REDIS_URL": "",
            "SHOP_DATABASE_URL": "",
            "SHOP_JWT_PUBLIC_KEY": "",
            "SHOP_JWT_SECRET": shop_secret,
            "VISITOR_SECRET": visitor_secret,
            "SERVICE_TOKEN": self.service_token,
            "REDIS_PASSWORD": secrets.token_hex(16),
            "RASA_TELEMETRY_ENABLED": "false",
            **settings,
        }
        self._tokens = Tokens(
            shop_secret=shop_secret, shop_public_key="", visitor_secret=visitor_secret
        )

    @property
    def pids(self) -> Dict[str, int]:
        """Process ids by name as they are now; each restart changes one."""
        return {name: int(pid) for name, pid in self._running["pids"].items() if pid}

    @property
    def redis_url(self) -> str:
        """The embedded Redis."""
        return str(self._running["redis_url"])

    @property
    def knowledge_url(self) -> str:
        """The knowledge service, which only its own process knows."""
        port = psutil.Process(self.pids["knowledge"]).environ()["KNOWLEDGE_PORT"]
        return f"http://127.0.0.1:{port}"

    @property
    def shop_database_url(self) -> str:
        """The demo shop's database."""
        return f"sqlite:///{self.folder}/shop.db"

    def engine(self) -> Engine:
        """An engine on the demo shop."""
        return open_engine(self.shop_database_url)

    def token(self, customer_id: str) -> str:
        """A customer's token, as the shop would sign it."""
        return self._tokens.customer(customer_id, seconds=DAY // 2)

    def conversation_id(self, shopper: Shopper) -> str:
        """The conversation of a shopper."""
        return self._tokens.verify(self.token(shopper.customer_id)).conversation_id

    async def start(self) -> None:
        """Start it and wait until the next message would be answered.

        Raises:
            InstallationFailed: it ended, or was not ready after five minutes.
        """
        built = ROOT / "var" / "knowledge"
        if built.exists():
            shutil.copytree(built, self.folder / "knowledge")
        started = time.monotonic()
        with open(self._output, "wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=ROOT,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C ends the measurement, which ends the installation.
                start_new_session=True,
            )
        while _UP not in self._said():
            ended = self._process.returncode is not None
            if ended or time.monotonic() > started + _START_SECONDS:
                raise InstallationFailed("\n".join(self._said().splitlines()[-15:]))
            await asyncio.sleep(0.1)
        self.ready_s = time.monotonic() - started

    def add_shoppers(self, count: int) -> None:
        """Put the measurement's own customers into the demo shop."""
        self.shoppers = add_shoppers(self.engine(), count)

    async def stop(self) -> None:
        """Ctrl-C; insists after a while."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
        except asyncio.TimeoutError:
            self._process.kill()
            await self._process.wait()

    @property
    def _running(self) -> Dict[str, Any]:
        return dict(json.loads((self.folder / "run.json").read_text()))

    def _said(self) -> str:
        return self._output.read_text(encoding="utf-8", errors="replace")


@contextlib.asynccontextmanager
async def installation(**settings: str) -> AsyncIterator[Installation]:
    """An installation for as long as the block lasts; `settings` as in .env.example."""
    with tempfile.TemporaryDirectory(prefix="xiaoer-") as folder:
        running = Installation(Path(folder), **settings)
        try:
            await running.start()
            yield running
        finally:
            await running.stop()
