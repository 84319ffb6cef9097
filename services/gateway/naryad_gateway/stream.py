"""A stream: one reader's place in an account's history."""

import asyncio
import random
from time import monotonic

from naryad.db.sessions import SessionRow
from naryad.domain.ids import SessionId, UserId
from naryad.domain.people import DESK
from naryad_gateway.frames import Event, Resync

HEARTBEAT_S = 20
ROTATE_S = (3 * 3600, 4 * 3600)  # streams move to other replicas in time, not all at once


class Stream:
    """`version` is what the reader has been told up to; `greeting` repeats it as the first frame."""

    __slots__ = (
        "_awake",
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

    def __init__(self, session: SessionRow, version: int, greeting: Event) -> None:
        self.session_id: SessionId = session.session_id
        self.user_id: UserId = session.user_id
        self.worker: UserId | None = None if session.role in DESK else session.user_id
        self.version = version
        self.gap: Resync | None = None
        self.greeting = greeting
        self.heartbeat_due = False
        self.slot = random.randrange(HEARTBEAT_S)
        self.goodbye: float | None = None  # seconds after which the reader may come back
        self.ends_at = monotonic() + random.uniform(*ROTATE_S)
        self._awake = asyncio.Event()

    def wake(self) -> None:
        self._awake.set()

    async def wait(self) -> None:
        """Until there may be something to tell."""
        await self._awake.wait()
        self._awake.clear()

    def end(self, come_back_after_s: float) -> None:
        """Say good-bye at the next chance; the reader returns after about so many seconds."""
        if self.goodbye is None:
            self.goodbye = come_back_after_s
            self.wake()
