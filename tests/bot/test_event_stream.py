"""Event streams are counted while they are open, and end with a reader that is gone."""

import asyncio

import pytest

from bot.errors import TooManyRequests
from bot.event_stream import EventStream, OpenStreams


@pytest.fixture
def streams():
    return OpenStreams(per_shopper=2, per_address=3)


class Reader:
    """The other end of a stream: hears of the end of the connection, may stop to read."""

    def __init__(self, *, reads=True):
        self.gone = asyncio.Event()
        self.sent = []
        self._reads = reads

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)
        if not self._reads and message["type"] == "http.response.body":
            await asyncio.Event().wait()


async def endless():
    yield {"event": "owner", "data": "{}"}
    await asyncio.Event().wait()


def opened(stream, reader):
    return asyncio.create_task(stream({"type": "http"}, reader.receive, reader.send))


def test_a_shopper_has_so_many_and_an_address_a_few_more(streams):
    with streams.counted(shopper="c_1", address="a"), streams.counted(shopper="c_1", address="a"):
        with pytest.raises(TooManyRequests) as refused:
            streams.counted(shopper="c_1", address="b").__enter__()
        assert (refused.value.code, refused.value.status) == ("too_many_streams", 429)
        assert refused.value.retry_after > 0 and refused.value.detail == {"most": 2}
        with streams.counted(shopper="c_2", address="a"):
            with pytest.raises(TooManyRequests):
                streams.counted(shopper="c_3", address="a").__enter__()
            with streams.counted(shopper="c_3", address="b"):
                pass
    with streams.counted(shopper="c_1", address="a"):
        pass


def test_what_is_closed_leaves_nothing_behind(streams):
    for number in range(100):
        with streams.counted(shopper=f"c_{number}", address="a"):
            pass
    assert not streams._open


async def test_a_stream_counts_from_its_first_byte_to_its_end(streams, until):
    def stream():
        return EventStream(endless(), counted=streams.counted(shopper="c_1", address="a"))

    readers = [Reader(), Reader()]
    never_opened = stream()
    tasks = [opened(stream(), reader) for reader in readers]
    await until(lambda: all(len(reader.sent) == 2 for reader in readers), "two open streams")
    with pytest.raises(TooManyRequests):
        await opened(stream(), Reader())

    readers[0].gone.set()
    await tasks[0]
    third = Reader()
    tasks.append(opened(never_opened, third))
    await until(lambda: len(third.sent) == 2, "a stream in the place of the closed one")
    for reader in (readers[1], third):
        reader.gone.set()
    await asyncio.gather(*tasks)
    assert not streams._open


async def test_a_reader_that_stopped_reading_is_given_up(streams):
    counted = streams.counted(shopper="c_1", address="a")
    reader = Reader(reads=False)
    await EventStream(endless(), counted=counted, stuck=0.05)(
        {"type": "http"}, reader.receive, reader.send
    )
    assert not streams._open


async def test_a_stream_need_not_be_counted(until):
    reader = Reader()
    task = opened(EventStream(endless()), reader)
    await until(lambda: len(reader.sent) == 2, "the first event")
    assert reader.sent[1]["body"].startswith(b"event: owner")
    reader.gone.set()
    await task
