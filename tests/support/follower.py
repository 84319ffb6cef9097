"""A reader of live events that comes back by itself, as EventSource does, on bare sockets: thousands at once.

It resumes by Last-Event-ID, follows `retry:`, and notes how each of its connections ended.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast
from urllib.parse import urlsplit

from support.told import Told


class Ending(StrEnum):
    SENT_AWAY = "sent away"  # `retry:` and a whole answer
    FINISHED = "finished"  # a whole answer without `retry:`: no error, but a surprise
    TORN = "torn"
    REFUSED = "connection refused"
    CUT = "cut by the client"
    STATUS = "an error status"


@dataclass(eq=False)
class Follower:
    """`impatience`: the chance, at each piece received, that the piece is lost and the connection cut.
    `pause_s`: between which seconds it waits when no `retry:` tells it how long."""

    url: str
    token: str
    told: Told = field(default_factory=Told)
    impatience: float = 0.0
    pause_s: tuple[float, float] = (0.05, 0.5)
    chance: random.Random = field(default_factory=random.Random)
    on_event: Callable[[str, str | None], None] | None = None
    endings: Counter[Ending] = field(default_factory=Counter)
    retries: list[float] = field(default_factory=list)
    retry_s: float | None = None
    open: bool = False
    _line: "_Line | None" = None
    _away: bool = False

    async def follow(self) -> None:
        """For ever."""
        while True:
            while self._away:
                await asyncio.sleep(0.05)
            self.endings[await self._once()] += 1
            if self.retry_s is not None:
                self.retries.append(self.retry_s)
            pause = self.chance.uniform(*self.pause_s) if self.retry_s is None else self.retry_s
            self.retry_s = None
            await asyncio.sleep(pause)

    def cut(self) -> None:
        """Now, and come back."""
        if self._line is not None:
            self._line.end(Ending.CUT)

    def stay_away(self) -> None:
        self._away = True
        self.cut()

    def come_back(self) -> None:
        self._away = False

    async def _once(self) -> Ending:
        where = urlsplit(self.url)
        loop = asyncio.get_running_loop()
        try:
            _, line = await loop.create_connection(lambda: _Line(self), where.hostname, where.port)
        except OSError:
            return Ending.REFUSED
        self._line = line
        try:
            return await line.ended
        finally:
            self.open, self._line = False, None
            line.transport.abort()

    def request(self) -> bytes:
        head = ["GET /v1/events HTTP/1.1", f"host: {urlsplit(self.url).netloc}"]
        head += [f"authorization: Bearer {self.token}", "accept: text/event-stream"]
        if self.told.position is not None:
            head.append(f"last-event-id: {self.told.position}")
        return "\r\n".join([*head, "", ""]).encode()

    def take(self, block: bytes) -> None:
        """One block between two empty lines."""
        said = dict(line.partition(": ")[::2] for line in block.decode().split("\n"))
        if "retry" in said:
            self.retry_s = int(said["retry"]) / 1000
        if "event" in said:
            self.told.take(said["event"], said.get("id"), json.loads(said["data"]))
            if self.on_event is not None:
                self.on_event(said["event"], said.get("id"))


class _Line(asyncio.Protocol):
    """One connection: HTTP/1.1, in chunks or until it closes."""

    def __init__(self, follower: Follower) -> None:
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self._follower = follower
        self._received = b""
        self._text = b""
        self._chunked: bool | None = None  # None: the head is not there yet

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._follower.request())

    def data_received(self, data: bytes) -> None:
        if self.ended.done():
            return
        if self._chunked and self._follower.chance.random() < self._follower.impatience:
            self.end(Ending.CUT)
            return
        self._received += data
        if self._chunked is None and not self._head():
            return
        *blocks, self._text = (self._text + self._body()).split(b"\n\n")
        for block in blocks:
            self._follower.take(block)

    def connection_lost(self, error: Exception | None) -> None:
        whole = error is None and self._chunked is False
        self.end(self._whole() if whole else Ending.TORN)

    def end(self, how: Ending) -> None:
        if not self.ended.done():
            self.ended.set_result(how)

    def _whole(self) -> Ending:
        return Ending.FINISHED if self._follower.retry_s is None else Ending.SENT_AWAY

    def _head(self) -> bool:
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found:
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            self.end(Ending.STATUS)
            return False
        self._received, self._chunked = rest, b"transfer-encoding: chunked" in head.lower()
        self._follower.open = True
        return True

    def _body(self) -> bytes:
        """What has come of it; of chunks the whole ones."""
        if not self._chunked:
            received, self._received = self._received, b""
            return received
        pieces = []
        while True:
            size_text, found, rest = self._received.partition(b"\r\n")
            size = int(size_text, 16) if found else 0
            if not found or len(rest) < size + 2:
                return b"".join(pieces)
            self._received = rest[size + 2 :]
            if size == 0:
                asyncio.get_running_loop().call_soon(lambda: self.end(self._whole()))
                return b"".join(pieces)
            pieces.append(rest[:size])


async def until_all(
    followers: Collection[Follower], condition: Callable[[Follower], object], seconds: float = 120
) -> None:
    async with asyncio.timeout(seconds):
        while not all(condition(one) for one in followers):
            await asyncio.sleep(0.05)


@asynccontextmanager
async def following(followers: Collection[Follower]) -> AsyncIterator[None]:
    """All of them follow while the block lasts; an error of one of them is the test's."""
    tasks = [asyncio.create_task(one.follow()) for one in followers]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)
