"""HTTP/1.1 over one kept connection, as few bytes as HTTP allows, every one of them counted on the socket."""

import asyncio
import gzip
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import brotli


@dataclass(frozen=True, slots=True)
class Answer:
    """`sent` and `received` are the bytes of the request and of the answer, headers included."""

    status: int
    headers: dict[str, str]
    body: bytes
    sent: int
    received: int

    @property
    def bytes(self) -> int:
        return self.sent + self.received

    def json(self) -> Any:
        match self.headers.get("content-encoding"):
            case "br":
                return json.loads(brotli.decompress(self.body))
            case "gzip":
                return json.loads(gzip.decompress(self.body))
            case _:
                return json.loads(self.body)


class CountedHttp:
    """One request at a time; answers with a Content-Length or without a body."""

    def __init__(self, connected: socket.socket, token: str) -> None:
        self._socket = connected
        self._token = token

    async def get(self, path: str, *headers: str) -> Answer:
        """With the headers Host and Authorization, and those given. Raises ConnectionError when it is cut."""
        lines = [f"GET {path} HTTP/1.1", "Host: naryad", f"Authorization: Bearer {self._token}", *headers]
        request = "\r\n".join((*lines, "", "")).encode()
        await asyncio.get_running_loop().sock_sendall(self._socket, request)
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += await self._receive()
        status, *fields = received[:end].decode("latin-1").split("\r\n")
        answered = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in fields)}
        whole = end + 4 + int(answered.get("content-length", "0"))
        while len(received) < whole:
            received += await self._receive()
        return Answer(
            int(status.split()[1]), answered, bytes(received[end + 4 :]), len(request), len(received)
        )

    async def _receive(self) -> bytes:
        piece = await asyncio.get_running_loop().sock_recv(self._socket, 65536)
        if not piece:
            raise ConnectionError("the server closed the connection")
        return piece


@asynccontextmanager
async def counted(
    address: tuple[str, int], token: str, unconnected: socket.socket
) -> AsyncIterator[CountedHttp]:
    """Connect this socket, which belongs to the block from now on."""
    with unconnected:
        unconnected.setblocking(False)
        await asyncio.get_running_loop().sock_connect(unconnected, address)
        yield CountedHttp(unconnected, token)
