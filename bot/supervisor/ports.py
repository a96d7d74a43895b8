"""Ports: the public one must be free, the internal ones are whichever are."""

import socket
from typing import List


class PortBusy(Exception):
    """Somebody else listens on the public port."""


def check_free(host: str, port: int) -> None:
    """Make sure that the gateway will be able to listen.

    Raises:
        PortBusy: with a sentence that says what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortBusy(
                f"Port {port} is in use: stop the program that uses it, "
                f"or choose another port with PORT={port + 1} make run."
            ) from error


def free_ports(count: int) -> List[int]:
    """Different free loopback ports."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in sockets]
    finally:
        for probe in sockets:
            probe.close()
