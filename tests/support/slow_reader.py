"""A reader of live events that reads only when told to, behind small buffers.

The buffers of loopback hide for megabytes that nobody reads.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import h11

from support.told import Told

RECEIVE_BUFFER = 4096
SEGMENT = 536


class SlowReader:
    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._http = h11.Connection(h11.CLIENT)
        self._text = ""
        self.heard: list[dict[str, Any]] = []  # {id, event, data}
        self.told = Told()  # the same, judged
        self.cut = False  # by the server, amid the stream

    async def ask(self, host: str, token: str) -> None:
        headers = [("host", host), ("authorization", f"Bearer {token}")]
        request = self._http.send(h11.Request(method="GET", target="/v1/events", headers=headers))
        assert request is not None
        await asyncio.get_running_loop().sock_sendall(self._socket, request)
        self._http.send(h11.EndOfMessage())

    async def read_until(self, condition: Callable[["SlowReader"], object], seconds: float = 60) -> None:
        """Read until the condition holds, or the connection is cut."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(seconds):
            while not condition(self) and not self.cut:
                try:
                    self._take(await loop.sock_recv(self._socket, RECEIVE_BUFFER))
                except (ConnectionResetError, h11.RemoteProtocolError):
                    self.cut = True

    async def read_some(self, most: int) -> None:
        """What comes without much waiting, up to so many bytes."""
        patience = 3
        while most > 0 and patience > 0 and not self.cut:
            try:
                received = self._socket.recv(RECEIVE_BUFFER)
            except BlockingIOError:
                patience -= 1
                await asyncio.sleep(0.005)
                continue
            except ConnectionResetError:
                self.cut = True
                return
            most -= len(received)
            self._take(received)

    def _take(self, received: bytes) -> None:
        self._http.receive_data(received)
        while (event := self._http.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
            if isinstance(event, h11.Data):
                self._text += bytes(event.data).decode("utf-8", "surrogateescape")
            if isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                raise AssertionError("the stream ended in good order")
        *whole, self._text = self._text.split("\n\n")
        for block in whole:
            members = dict(line.split(": ", 1) for line in block.split("\n"))
            self.heard.append(members)
            self.told.take(members["event"], members.get("id"), json.loads(members["data"]))

    def versions(self, event: str) -> list[int]:
        return [int(one["id"].rpartition(".")[2]) for one in self.heard if one["event"] == event]

    def data(self, event: str) -> list[Any]:
        return [json.loads(one["data"]) for one in self.heard if one["event"] == event]


@asynccontextmanager
async def slow_reader(url: str, token: str) -> AsyncIterator[SlowReader]:
    """A stream that has been asked for, of which nothing has been read yet."""
    parts = urlsplit(url)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, (parts.hostname, parts.port))
        reader = SlowReader(connection)
        await reader.ask(parts.netloc, token)
        yield reader
