"""Runs the gateway: `python -m bot.server`."""

import uvicorn

from bot.app import create_app
from bot.log import log_to_stderr
from bot.settings import load_settings


def main() -> None:
    """Serve until stopped."""
    settings = load_settings()
    log_to_stderr()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        # No door speaks WebSocket; pages listen by server-sent events.
        ws="none",
        # Open event streams must not hold up a restart.
        timeout_graceful_shutdown=3,
        server_header=False,
        log_config=None,
    )


if __name__ == "__main__":
    main()
