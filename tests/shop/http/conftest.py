"""A shop's own system on loopback that does whatever a test wants."""

import contextlib
import json
import socketserver
import threading
import time

import pytest


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
def takes():
    """How long something takes that raises, in seconds."""

    @contextlib.contextmanager
    def at_most(seconds):
        started = time.monotonic()
        yield
        assert time.monotonic() - started < seconds

    return at_most
