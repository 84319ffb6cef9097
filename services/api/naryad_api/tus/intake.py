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

    def __init__(self, receive: Receive, part_size: Callable[[], int], most: int) -> None:
        self.ended: Ended | None = None
        self.heard_at = self._now()
        self._receive, self._part_size, self._left = receive, part_size, most
        self._buffer = bytearray()
        self._since = self.heard_at  # when the oldest byte of the buffer came
        self._wake, self._room, self._settled = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def pump(self) -> None:
        """Fetch until the body ends."""
        while not self._over():
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.end(Ended.CUT)
                return
            if not self._take_in(message.get("body", b"")):
                self.end(Ended.TOO_LONG)
            elif not message.get("more_body", False):
                self.end(Ended.WHOLE)
            while not self._over() and len(self._buffer) >= self._part_size():
                self._wake.set()
                self._room.clear()
                await self._room.wait()

    def end(self, how: Ended) -> None:
        """The first end counts."""
        self.ended = self.ended or how
        self._wake.set()
        self._room.set()

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

    def _take_in(self, body: bytes) -> bool:
        if body:
            self.heard_at = self._now()
            self._since = self.heard_at if not self._buffer else self._since
            self._left -= len(body)
            if self._left < 0:
                return False
            self._buffer += body
        return True

    def _over(self) -> bool:
        return self.ended is not None

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
