"""A PATCH over a bare socket, sent as slowly, and broken off as rudely, as a test wants."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx


class RawPatch:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def status(self) -> int:
        """Of the answer."""
        line = await asyncio.wait_for(self._reader.readline(), 60)
        return int(line.split()[1])

    def cut(self) -> None:
        self._writer.transport.abort()


@asynccontextmanager
async def raw_patch(http: httpx.AsyncClient, url: str, offset: int, length: int) -> AsyncIterator[RawPatch]:
    """A PATCH whose head has been sent, and of whose body nothing yet."""
    where = urlsplit(str(http.base_url))
    assert where.hostname
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    head = (
        f"PATCH {url} HTTP/1.1",
        f"Host: {where.netloc}",
        f"Authorization: {http.headers['authorization']}",
        "Tus-Resumable: 1.0.0",
        "Content-Type: application/offset+octet-stream",
        f"Upload-Offset: {offset}",
        f"Content-Length: {length}",
    )
    writer.write("\r\n".join([*head, "", ""]).encode())
    await writer.drain()
    try:
        yield RawPatch(reader, writer)
    finally:
        writer.transport.abort()
