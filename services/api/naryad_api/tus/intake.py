"""The body of one request as it comes in.

Bytes are fetched from the server as soon as they are there, also while earlier ones are being written:
when a connection breaks, what the server still holds is lost, what was fetched is kept.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto

from starlette.types import Receive

TICK_S = 0.25
"""How often a waiting body is looked at: silence that long, and what has come is written."""

OLDEST_S = 2.0
"""Bytes wait no longer for the rest of their part: so much is lost at most when this process is killed."""


class Ended(Enum):
    WHOLE = auto()
    CUT = auto()  # the connection broke
    SILENT = auto()  # no byte came for too long
    REPLACED = auto()  # another request goes on with the upload
    TOO_LONG = auto()  # more bytes came than the upload has


class Intake:
    """`part_size` says how many bytes are worth writing at once; twice that much is held at most."""

    def __init__(self, receive: Receive, part_size: Callable[[], int]) -> None:
        self.ended: Ended | None = None
        self.heard_at = self._now()
        self._receive, self._part_size = receive, part_size
        self._most: int | None = None
        self._count = 0
        self._buffer = bytearray()
        self._since = self.heard_at  # when the oldest byte of the buffer came
        self._wake, self._room, self._settled = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._over = asyncio.Event()

    async def pump(self) -> None:
        """Fetch until the body ends."""
        while self.ended is None:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.end(Ended.CUT)
            else:
                self._take_in(message.get("body", b""))
                if not message.get("more_body", False):
                    self.end(Ended.WHOLE)
            while not self._over.is_set() and len(self._buffer) >= self._part_size():
                self._wake.set()
                self._room.clear()
                await self._room.wait()

    def end(self, how: Ended) -> None:
        """The first end counts."""
        self.ended = self.ended or how
        for event in (self._over, self._wake, self._room):
            event.set()

    async def over(self) -> None:
        """Until the body has ended, or nobody wants more of it."""
        await self._over.wait()

    def allow(self, most: int) -> None:
        """More bytes than this are too many."""
        self._most = most
        self._check_count()

    async def wait(self) -> None:
        """Until a part is full or the body has ended, but not longer than a tick."""
        with suppress(TimeoutError):
            async with asyncio.timeout(TICK_S):
                await self._wake.wait()
        self._wake.clear()

    def due(self) -> bool:
        """Whether what has come should be written now."""
        now = self._now()
        waited = now - self.heard_at >= TICK_S or now - self._since >= OLDEST_S
        return len(self._buffer) >= self._part_size() or self.ended is not None or waited

    def take(self) -> bytearray:
        """What has come and is not yet written."""
        taken, self._buffer = self._buffer, bytearray()
        self._room.set()
        return taken

    @property
    def silent_s(self) -> float:
        return self._now() - self.heard_at

    @property
    def empty(self) -> bool:
        return not self._buffer

    def settle(self) -> None:
        """All that had come before a silence, or the end, is written and can be told."""
        self._settled.set()

    async def settled(self) -> None:
        """Until then."""
        self._settled.clear()
        await self._settled.wait()

    def _take_in(self, body: bytes) -> None:
        if not body:
            return
        self.heard_at = self._now()
        self._since = self._since if self._buffer else self.heard_at
        self._buffer += body
        self._count += len(body)
        self._check_count()

    def _check_count(self) -> None:
        if self._most is not None and self._count > self._most:
            self._buffer.clear()
            self.end(Ended.TOO_LONG)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
