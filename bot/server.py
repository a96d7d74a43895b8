"""Runs the gateway: `python -m bot.server`."""

import socket

import uvicorn

from bot.app import create_app
from bot.log import log_to_stderr
from bot.settings import load_settings


def main() -> None:
    """Serve until stopped."""
    settings = load_settings()
    log_to_stderr()
    config = uvicorn.Config(
        create_app(settings),
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
    sockets = [_listen(settings.host, settings.port)]
    if settings.gateway_private_port:
        sockets.append(_listen("127.0.0.1", settings.gateway_private_port))
    uvicorn.Server(config).run(sockets=sockets)


def _listen(host: str, port: int) -> socket.socket:
    """A socket for one address; several gateways may have the same, the system shares callers out.

    Raises:
        OSError: the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.bind((host, port))
    listening.setblocking(False)
    return listening


if __name__ == "__main__":
    main()
