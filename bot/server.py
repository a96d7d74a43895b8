"""Runs the gateway: `python -m bot.server`."""

import logging

import uvicorn

from bot.app import create_app
from bot.settings import load_settings


def main() -> None:
    """Serve until stopped."""
    settings = load_settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # httpx logs whole addresses; they are ours, but nobody needs a line per turn.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        # The app itself believes the proxies that the settings name, and nobody else.
        proxy_headers=False,
        # No door speaks WebSocket; pages listen by server-sent events.
        ws="none",
        # Open event streams must not hold up a restart.
        timeout_graceful_shutdown=3,
        server_header=False,
        log_config=None,
    )


if __name__ == "__main__":
    main()
