"""The provider's process, as the benchmark sees it; and the most that it can take."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import cast

from naryad.db.embedded.cluster import HOST
from naryad_cli.bench.beside import Arrivals, Beside, beside
from naryad_cli.bench.pushes.frames import END_HEADERS, END_STREAM, PREFACE, Frames, Kind, frame
from naryad_cli.bench.pushes.identity import Identity

PROVIDER = "naryad_cli.bench.pushes.provider"
IN_FLIGHT = 100
HEADERS_BYTES, BODY = 250, b'{"aps":{},"version":1}'.ljust(330)


class Apple:
    def __init__(self, process: Beside, port: int, folder: Path) -> None:
        self.port = port
        self._process = process
        self._folder = folder

    async def arrivals(self) -> Arrivals:
        """What it has taken since the last time: the version that each message told of, and when."""
        path = self._folder / "taken"
        return await self._process.arrivals(str(path), path)


@asynccontextmanager
async def apple(identity: Identity, folder: Path) -> AsyncIterator[Apple]:
    async with beside(PROVIDER, str(identity.certificate), str(identity.key)) as process:
        yield Apple(process, (await process.answer())["port"], folder)


async def ceiling_per_s(apple: Apple, identity: Identity, seconds: float) -> float:
    """Messages a second from a client that does nothing else, a hundred under way as from a pusher."""
    tls = ssl.create_default_context(cafile=str(identity.certificate))
    tls.set_alpn_protocols(["h2"])
    loop = asyncio.get_running_loop()
    begun = perf_counter()
    transport, asker = await loop.create_connection(Asker, HOST, apple.port, ssl=tls)
    await asyncio.sleep(seconds)
    taken = perf_counter() - begun
    transport.abort()
    await apple.arrivals()
    return asker.answered / taken


class Asker(asyncio.Protocol):
    def __init__(self) -> None:
        self.answered = 0
        self._frames = Frames()
        self._stream = -1
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        begin = [PREFACE, frame(Kind.SETTINGS, 0, 0, b"")]
        self._transport.write(b"".join([*begin, *(self._message() for _ in range(IN_FLIGHT))]))

    def data_received(self, data: bytes) -> None:
        answered = sum(kind == Kind.HEADERS for kind, _, _, _ in self._frames.of(data))
        self.answered += answered
        self._transport.write(b"".join([self._message() for _ in range(answered)]))

    def _message(self) -> bytes:
        self._stream += 2
        headers = frame(Kind.HEADERS, END_HEADERS, self._stream, bytes(HEADERS_BYTES))
        return headers + frame(Kind.DATA, END_STREAM, self._stream, BODY)
