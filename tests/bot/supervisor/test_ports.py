"""The public port must be free, the internal ones are whichever are."""

import socket

import pytest

from bot.supervisor.ports import PortBusy, check_free, free_ports


@pytest.fixture
def taken():
    """A port on which somebody listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_free_port_is_free_before_and_after_looking():
    (port,) = free_ports(1)
    check_free("127.0.0.1", port)
    check_free("127.0.0.1", port)
    with socket.socket() as later:
        later.bind(("127.0.0.1", port))


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])
def test_a_taken_port_is_named_with_what_to_do(taken, host):
    with pytest.raises(PortBusy) as refused:
        check_free(host, taken)
    assert f"Port {taken} is in use" in str(refused.value)
    assert f"PORT={taken + 1} make run" in str(refused.value)


def test_a_port_that_was_just_left_is_free():
    """Its last connection may linger; that must not stop a restart."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        server, _ = listening.accept()
        server.close()
        client.close()
    check_free("127.0.0.1", port)


@pytest.mark.parametrize("count", [0, 1, 4, 20])
def test_free_ports_are_different_and_free(count):
    ports = free_ports(count)
    assert len(set(ports)) == count
    for port in ports:
        check_free("127.0.0.1", port)
