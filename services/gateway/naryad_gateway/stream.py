"""A stream: one reader's place in an account's history."""

import asyncio
import random
from collections.abc import Callable
from time import monotonic

from naryad.db.sessions import SessionRow
from naryad.domain.ids import SessionId, UserId
from naryad.domain.people import DESK
from naryad_gateway.frames import Event, Resync

HEARTBEAT_S = 20
ROTATE_S = (3 * 3600, 4 * 3600)  # streams move to other replicas in time, not all at once


class Stream:
    """`version` is what the reader has been told up to; `greeting` repeats it as the first frame.

    `cut` ends the connection at once, unsent bytes and all.
    """

    __slots__ = (
        "_awaited",
        "busy_since",
        "cut",
        "ends_at",
        "gap",
        "goodbye",
        "greeting",
        "heartbeat_due",
        "session_id",
        "slot",
        "user_id",
        "version",
        "worker",
    )

    def __init__(self, session: SessionRow, version: int, greeting: Event, cut: Callable[[], object]) -> None:
        self.session_id: SessionId = session.session_id
        self.user_id: UserId = session.user_id
        self.worker: UserId | None = None if session.role in DESK else session.user_id
        self.version = version
        self.gap: Resync | None = None
        self.greeting = greeting
        self.cut = cut
        self.heartbeat_due = False
        self.slot = random.randrange(HEARTBEAT_S)
        self.busy_since: float | None = None  # while the transport takes what it was given
        self.goodbye: float | None = None  # seconds after which the reader may come back
        self.ends_at = monotonic() + random.uniform(*ROTATE_S)
        self._awaited: asyncio.Future[None] | None = None

    @property
    def idle(self) -> bool:
        """It has been told everything, and nothing has woken it since."""
        return self._awaited is not None and not self._awaited.done()

    def wake(self) -> None:
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(None)

    async def wait(self) -> None:
        """Until there may be something to tell. Look once more right before: only a waiter is woken."""
        self._awaited = asyncio.get_running_loop().create_future()
        try:
            await self._awaited
        finally:
            self._awaited = None

    def end(self, come_back_after_s: float) -> None:
        """Say good-bye at the next chance; the reader returns after about so many seconds."""
        if self.goodbye is None:
            self.goodbye = come_back_after_s
            self.wake()
