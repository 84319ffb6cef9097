"""Readers of live events: thousands of streams in one process, and as little Python as possible.

`python -m naryad_cli.bench.live.readers`: a JSON object on stdin says which streams to open; then each
line is a question, answered by a line of JSON. `Crowd` (crowd.py) is its other side.
"""

import asyncio
import json
import re
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any, cast

import uvloop

CHANGE = re.compile(rb"id: \w+\.(\d+)\nevent: change\n")
HEARTBEAT = b"event: hb\n"
RESYNC = b"event: resync\n"
OPENING_AT_ONCE = 200
OPENS_WITHIN_S = 60
RETRY_S = 3.0
"""What browsers wait before they come back, where the server names no time; they do not jitter it."""


@dataclass(frozen=True, slots=True)
class Streams:
    host: str
    port: int
    source: str
    """The address to come from: one has ports for about 28,000 streams to one server."""
    requests: Sequence[str]
    """What is asked on each stream: a request's head without its last, empty line."""
    come_back: bool
    """Return after the end of a stream, with the id of its last event, as an EventSource does."""


class Reader(asyncio.Protocol):
    """One stream. What arrives is noted in the lists that all share."""

    def __init__(self, house: "House", request: str) -> None:
        self.house = house
        self.request = request
        self.last_id = b""
        self.retry_s = RETRY_S
        self.open = False
        self.begun = asyncio.Event()  # answered, or lost
        self.transport: asyncio.Transport | None = None
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._rest = b""
        head = self.request.encode()
        if self.last_id:
            head += b"Last-Event-ID: " + self.last_id + b"\r\n"
        self.transport.write(head + b"\r\n")

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        end = data.rfind(b"\n\n")
        if end < 0:
            self._rest = data
            return
        self._rest = data[end + 2 :]
        if not self.open:
            self._begin(data)
        house = self.house
        versions = CHANGE.findall(data, 0, end + 2)
        if versions:
            now = time()
            for version in versions:
                house.versions.append(int(version))
                house.times.append(now)
            if not house.sample:
                house.sample = data[data.index(b"id: ") : end + 2]
        else:
            house.heartbeats += data.count(HEARTBEAT)
        if house.streams.come_back:
            self._keep_place(data[: end + 2])

    def _begin(self, data: bytes) -> None:
        if data.startswith(b"HTTP/1.1 200"):
            self.open = True
            self.house.opened()
        else:
            self.house.refuse(data[:300].decode(errors="replace"))
        self.begun.set()

    def _keep_place(self, data: bytes) -> None:
        self.house.resyncs += data.count(RESYNC)
        at = data.rfind(b"id: ")
        if at >= 0:
            self.last_id = data[at + 4 : data.index(b"\n", at)]
        at = data.rfind(b"retry: ")
        if at >= 0:
            self.retry_s = int(data[at + 7 : data.index(b"\n", at)]) / 1000

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        self.begun.set()
        self.house.lost(self)


class House:
    """All streams of this process."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.versions = array("q")
        self.times = array("d")
        self.heartbeats = 0
        self.resyncs = 0
        self.sample = b""
        self.refused: list[str] = []
        self.returned: list[float] = []
        """When each stream that was lost was open again."""
        self.endings = 0
        self.readers = [Reader(self, request) for request in streams.requests]
        self.alive = 0
        self._coming: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(OPENING_AT_ONCE)
        self._ending = False
        self._settled = asyncio.Event()  # all are open, or one was refused

    def opened(self) -> None:
        self.alive += 1
        if self.alive == len(self.readers):
            self._settled.set()
        if self.endings:
            self.returned.append(time())

    def refuse(self, answer: str) -> None:
        self.refused.append(answer)
        self._settled.set()

    def lost(self, reader: Reader) -> None:
        if reader.open:
            self.endings += 1
            self.alive -= 1
            reader.open = False
        if self.streams.come_back and not self._ending:
            task = asyncio.ensure_future(self._return(reader))
            self._coming.add(task)
            task.add_done_callback(self._coming.discard)

    async def open(self) -> None:
        await asyncio.gather(*(self._connect(one) for one in self.readers))
        async with asyncio.timeout(OPENS_WITHIN_S):
            await self._settled.wait()

    async def _connect(self, reader: Reader) -> None:
        loop = asyncio.get_running_loop()
        async with self._places:
            await loop.create_connection(
                lambda: reader,
                self.streams.host,
                self.streams.port,
                local_addr=(self.streams.source, 0),
            )
            await reader.begun.wait()

    async def _return(self, reader: Reader) -> None:
        """One attempt; the next comes with the next loss."""
        await asyncio.sleep(reader.retry_s)
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(
                lambda: reader,
                self.streams.host,
                self.streams.port,
                local_addr=(self.streams.source, 0),
            )
        except OSError:
            self.lost(reader)

    def end(self) -> None:
        self._ending = True
        for reader in self.readers:
            if reader.transport is not None:
                reader.transport.abort()

    def counted(self) -> dict[str, Any]:
        return {
            "open": self.alive,
            "changes": len(self.versions),
            "heartbeats": self.heartbeats,
            "resyncs": self.resyncs,
            "endings": self.endings,
            "returned": self.returned,
            "refused": self.refused[:3],
            "sample": self.sample.decode(),
        }

    def hand_over(self, path: Path) -> int:
        """Write all arrivals, versions before times, and begin anew; how many there were."""
        count = len(self.versions)
        with path.open("wb") as file:
            self.versions.tofile(file)
            self.times.tofile(file)
        self.versions, self.times, self.sample = array("q"), array("d"), b""
        return count


async def main() -> None:
    loop = asyncio.get_running_loop()
    asked = asyncio.StreamReader(limit=2**26)  # one line names all streams
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(asked), sys.stdin)
    house = House(Streams(**json.loads(await asked.readline())))
    try:
        await house.open()
        print(json.dumps(house.counted()), flush=True)
        while line := await asked.readline():
            question = json.loads(line)
            match question["ask"]:
                case "count":
                    answer: dict[str, Any] = house.counted()
                case "arrivals":
                    answer = {"arrivals": house.hand_over(Path(question["path"]))}
                case other:
                    raise ValueError(other)
            print(json.dumps(answer), flush=True)
    finally:
        house.end()


if __name__ == "__main__":
    uvloop.run(main())
