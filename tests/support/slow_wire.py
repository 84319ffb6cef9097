"""A wire of a given speed: a TCP proxy on loopback that lets bytes through as a mobile network does."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PACKET = 1400
AHEAD = 16
"""Packets on their way at once: what a phone has sent and the network has not yet delivered."""


@dataclass
class Link:
    """One direction. None: as fast as loopback."""

    kbit_s: float | None = None
    delay_s: float = 0.0
    free_at: float = 0.0
    bytes: int = 0

    async def carry(self, size: int) -> None:
        """Until the link has taken so many bytes: all connections share it."""
        self.bytes += size
        if self.kbit_s is None:
            return
        now = asyncio.get_running_loop().time()
        self.free_at = max(self.free_at, now) + size * 8 / 1000 / self.kbit_s
        await asyncio.sleep(self.free_at - now)


@dataclass
class SlowWire:
    """`up` is from the phone to the server. Starts fast."""

    host: str
    port: int
    up: Link = field(default_factory=Link)
    down: Link = field(default_factory=Link)
    offsets: list[int] = field(default_factory=list)
    """Where the pieces of uploads began, in the order they were sent."""
    created: int = 0
    """Uploads that were opened."""
    url: str = ""

    def become(self, down_kbit_s: float | None, up_kbit_s: float | None, delay_s: float = 0.0) -> None:
        self.down.kbit_s, self.up.kbit_s = down_kbit_s, up_kbit_s
        self.down.delay_s = self.up.delay_s = delay_s
        self.down.free_at = self.up.free_at = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(self.host, self.port)
        try:
            await asyncio.gather(
                self._pump(reader, up_writer, self.up), self._pump(up_reader, writer, self.down)
            )
        except OSError:
            pass  # torn on one side: torn on the other
        finally:
            for one in (writer, up_writer):
                one.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, link: Link) -> None:
        on_their_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(AHEAD)
        loop = asyncio.get_running_loop()

        async def deliver() -> None:
            while (one := await on_their_way.get())[1]:
                await asyncio.sleep(one[0] - loop.time())
                sink.write(one[1])
                await sink.drain()
            sink.write_eof()

        async def take() -> None:
            while piece := await source.read(PACKET if link.kbit_s else 65536):
                if link is self.up:
                    self._note(piece)
                await link.carry(len(piece))
                await on_their_way.put((loop.time() + link.delay_s, piece))
            await on_their_way.put((loop.time(), b""))

        await asyncio.gather(take(), deliver())

    def _note(self, piece: bytes) -> None:
        """A request's head is the beginning of what a client writes at once."""
        if piece.startswith(b"POST /v1/uploads"):
            self.created += 1
        elif piece.startswith(b"PATCH /v1/uploads") and (
            found := re.search(rb"(?i)upload-offset: (\d+)", piece)
        ):
            self.offsets.append(int(found[1]))


@asynccontextmanager
async def slow_wire_to(url: str) -> AsyncIterator[SlowWire]:
    target = urlsplit(url)
    assert target.hostname
    assert target.port
    wire = SlowWire(target.hostname, target.port)
    connections: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        try:
            await wire.serve(reader, writer)
        except asyncio.CancelledError:
            pass  # the test is over; asyncio would log it
        finally:
            connections.discard(task)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
