"""A wire that can be cut or held: a TCP proxy on loopback between a client and a server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from urllib.parse import urlsplit


class Wire:
    """While it is cut, every connection ends at once; what was open is torn. While it is held, connections
    are accepted and nothing travels: a black hole. What was sent meanwhile arrives when it is mended."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._open: set[asyncio.StreamWriter] = set()
        self._cut = False
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._left: float = inf
        self._torn = asyncio.Event()
        self.url = ""
        self.port = 0

    async def cut_after(self, bytes_: int) -> None:
        """Until so many more bytes have gone through, in the middle of whatever it is; then all is torn."""
        self._left, self._torn = bytes_, asyncio.Event()
        await self._torn.wait()

    def cut(self) -> None:
        self._cut = True
        self._abort()

    def hold(self) -> None:
        self._flowing.clear()

    def mend(self) -> None:
        self._cut = False
        self._flowing.set()

    def _tear(self) -> None:
        self._left = inf
        for writer in self._open:
            writer.close()  # what was written still goes out
        self._torn.set()

    def _abort(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    def lead_to(self, port: int) -> None:
        """From now on, to another port of the same host."""
        self._target = (self._target[0], port)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        await self._flowing.wait()
        try:
            up_reader, up_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, up_writer}
        self._open |= both
        try:
            await asyncio.gather(self._pump(reader, up_writer), self._pump(up_reader, writer))
        finally:
            self._open -= both
            for one in both:
                one.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while piece := await source.read(65536):
                await self._flowing.wait()
                if len(piece) >= self._left:
                    sink.write(piece[: int(self._left)])
                    self._tear()
                    return
                self._left -= len(piece)
                sink.write(piece)
                await sink.drain()
            await self._flowing.wait()
            sink.write_eof()
        except OSError:
            sink.transport.abort()  # torn on one side: torn on the other


@asynccontextmanager
async def wire_to(url: str) -> AsyncIterator[Wire]:
    """A wire to the server at `url`; its own address is `wire.url`."""
    target = urlsplit(url)
    assert target.hostname
    assert target.port
    wire = Wire(target.hostname, target.port)
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    wire.url = f"http://127.0.0.1:{wire.port}"
    try:
        yield wire
    finally:
        server.close()
        wire.mend()
        wire.cut()
