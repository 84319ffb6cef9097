"""The body of one request as it comes in.

Bytes are fetched from the server as soon as they are there, also while earlier ones are being written:
when a connection breaks, what the server still holds is lost, what was fetched is kept.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto

from starlette.types import Message, Receive

from naryad_api.tus.room import Room

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
    """`part_size` says how many bytes are worth writing at once, `room` how many may be held."""

    def __init__(self, receive: Receive, part_size: Callable[[], int], room: Room) -> None:
        self.ended: Ended | None = None
        self._receive, self._part_size, self._room = receive, part_size, room
        self._held_back = False  # it is us who do not listen
        self._heard_at = self._now()
        self._most: int | None = None
        self._count = 0
        self._pieces: list[bytes] = []
        self._size = 0
        self._since = self._heard_at  # when the oldest byte of the buffer came
        self._wake, self._taken, self._settled = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._over = asyncio.Event()

    async def pump(self) -> None:
        """Fetch until the body ends."""
        while self.ended is None:
            await self._until_taken()
            message = await self._fetch()
            if message is None:
                continue
            if message["type"] == "http.disconnect":
                self.end(Ended.CUT)
            else:
                self._take_in(message.get("body", b""))
                if not message.get("more_body", False):
                    self.end(Ended.WHOLE)
            del message  # else its bytes are held while the next ones are waited for

    def end(self, how: Ended) -> None:
        """The first end counts."""
        self.ended = self.ended or how
        for event in (self._over, self._wake, self._taken):
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
        waited = now - self._heard_at >= TICK_S or now - self._since >= OLDEST_S
        return self._held_back or self.ended is not None or waited or self._full()

    def take(self) -> bytes:
        """What has come and is not yet written."""
        pieces, size = self._pieces, self._size
        self._pieces, self._size = [], 0
        self._room.give_back(size)
        self._taken.set()
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    @property
    def heard_at(self) -> float:
        """When bytes last came; while we do not listen, nobody is silent."""
        return self._now() if self._held_back else self._heard_at

    @property
    def empty(self) -> bool:
        return self._size == 0

    def settle(self) -> None:
        """All that had come before a silence, or the end, is written and can be told."""
        self._settled.set()

    async def settled(self) -> None:
        """Until then."""
        self._settled.clear()
        await self._settled.wait()

    async def _fetch(self) -> Message | None:
        """What the server has of the body. None when that is nothing for a while: others have their turn."""
        async with self._room.turns:
            if self._room.full:
                self._held_back = True
                await self._room.wait()
                self._listen()
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    return await self._receive()
        return None

    async def _until_taken(self) -> None:
        """While a whole part waits to be written, no more is fetched."""
        while self._full() and not self._over.is_set():
            self._held_back = True
            self._wake.set()
            self._taken.clear()
            await self._taken.wait()
        self._listen()

    def _listen(self) -> None:
        if self._held_back:
            self._held_back, self._heard_at = False, self._now()

    def _full(self) -> bool:
        return self._size >= self._part_size()

    def _take_in(self, body: bytes) -> None:
        if not body:
            return
        self._heard_at = self._now()
        self._since = self._since if self._size else self._heard_at
        self._pieces.append(body)
        self._size += len(body)
        self._room.take(len(body))
        self._count += len(body)
        self._check_count()

    def _check_count(self) -> None:
        if self._most is not None and self._count > self._most:
            self.take()
            self.end(Ended.TOO_LONG)
            self.ended = Ended.TOO_LONG  # also when it had ended before it was known what is too long

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
