"""A TCP proxy on loopback that cuts connections at random, before a request arrives or before its answer."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class CuttingProxy:
    def __init__(self, upstream: str, chance: random.Random) -> None:
        where = urlsplit(upstream)
        assert where.hostname
        assert where.port
        self.host, self.port = where.hostname, where.port
        self.chance = chance
        self.cut_share = 0.0
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(self.host, self.port)
        both = [self._pump(reader, up_writer), self._pump(up_reader, writer)]
        tasks = [asyncio.create_task(one) for one in both]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for end in (writer, up_writer):
            end.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            if self.chance.random() < self.cut_share:
                return
            sink.write(data)
            await sink.drain()


@asynccontextmanager
async def cutting_proxy(upstream: str, chance: random.Random) -> AsyncIterator[CuttingProxy]:
    proxy = CuttingProxy(upstream, chance)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
