"""A shop's own system on loopback: one that does whatever a test wants; the reference server."""

import contextlib
import json
import socket
import socketserver
import threading
import time

import pytest
import uvicorn

from shop.http import Connection, HttpShop
from shop.http.server import create_app

TOKEN = "a-secret-that-both-know"


class Stranger:
    """Reads requests like a server and answers each as ``behaviour(connection, request)`` does."""

    def __init__(self):
        self.requests = []
        self.behaviour = None
        stranger = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                with contextlib.suppress(OSError):
                    while request := read_request(self.rfile):
                        stranger.requests.append(request)
                        stranger.behaviour(self.connection, request)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def says(self, content, *, status=200, headers=""):
        """Answer every request with a JSON value, or with bytes as they are."""
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\n{headers}\r\n"
        self.behaviour = lambda connection, _: connection.sendall(head.encode() + data)

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def read_request(stream):
    """Method and path, headers (lower case) and body; None when the caller has gone."""
    first = stream.readline().decode()
    if not first:
        return None
    headers = {}
    while line := stream.readline().decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    method, path, _ = first.split(" ", 2)
    return {"call": f"{method} {path}", "headers": headers, "body": body}


@pytest.fixture
def stranger():
    server = Stranger()
    yield server
    server.stop()


@pytest.fixture
def token():
    return TOKEN


@pytest.fixture
def reach():
    """An HttpShop that asks the system at an address."""
    with contextlib.ExitStack() as opened:

        def reached(url, **options):
            shop = HttpShop(Connection(url, options.pop("token", TOKEN), **options))
            opened.callback(shop.close)
            return shop

        yield reached


@pytest.fixture
def serve(wait_for):
    """Put a shop behind the reference server; gives the address."""
    with contextlib.ExitStack() as running:

        def served(shop):
            listening = socket.socket()
            listening.bind(("127.0.0.1", 0))
            config = uvicorn.Config(create_app(shop, TOKEN), log_config=None, ws="none")
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, args=([listening],))
            thread.start()

            def stop():
                server.should_exit = True
                thread.join()
                listening.close()

            running.callback(stop)
            wait_for(lambda: server.started, 10, "the server")
            return f"http://127.0.0.1:{listening.getsockname()[1]}"

        yield served


@pytest.fixture
def remote(reach, serve):
    """What a shop looks like from the other end of the wire; ``remote(SqlShop(…))``."""
    return lambda shop: reach(serve(shop))


@pytest.fixture
def takes():
    """How long something takes that raises, in seconds."""

    @contextlib.contextmanager
    def at_most(seconds):
        started = time.monotonic()
        yield
        assert time.monotonic() - started < seconds

    return at_most
