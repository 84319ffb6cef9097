"""A stream: one reader's place in an account's history, whatever the transport."""

import random
from abc import ABC, abstractmethod
from time import monotonic

from naryad.db.sessions import SessionRow
from naryad.domain.ids import SessionId, UserId
from naryad.domain.people import DESK
from naryad_gateway.frames import Resync

HEARTBEAT_S = 20
ROTATE_S = (3 * 3600, 4 * 3600)  # streams move to other replicas in time, not all at once


class Stream(ABC):
    """`version` is what the reader has been told up to. There are thousands: every slot counts."""

    __slots__ = (
        "blocked_since",
        "ends_at",
        "gap",
        "goodbye",
        "heartbeat_due",
        "noted",
        "session_id",
        "slot",
        "user_id",
        "version",
        "waits",
        "worker",
    )

    def __init__(self, session: SessionRow, version: int) -> None:
        self.session_id: SessionId = session.session_id
        self.user_id: UserId = session.user_id
        self.worker: UserId | None = None if session.role in DESK else session.user_id
        self.version = version
        self.gap: Resync | None = None
        self.noted = 0  # up to where it has been told of phones
        self.heartbeat_due = False
        self.slot = random.randrange(HEARTBEAT_S)
        self.waits = False  # for its turn
        self.blocked_since: float | None = None  # while the reader does not take what it was given
        self.goodbye: float | None = None  # seconds after which the reader may come back
        self.ends_at = monotonic() + random.uniform(*ROTATE_S)

    @abstractmethod
    def tell(self) -> None:
        """Hand over what there is to tell, as far as the reader takes it."""

    @abstractmethod
    def cut(self) -> None:
        """End the connection at once, unsent bytes and all."""

    def end(self, come_back_after_s: float) -> None:
        """Say good-bye at the next chance; the reader returns after about so many seconds."""
        if self.goodbye is None:
            self.goodbye = come_back_after_s
            self.tell()
