"""The ring: an account's latest frames, contiguous by version, and the streams that read it."""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice

from naryad.domain.cursor import Position
from naryad.domain.ids import AccountId, UserId
from naryad_gateway.frames import Event, Frame, Resync, heartbeat, resync
from naryad_gateway.stream import Stream

KEEP = 2_048  # frames kept beyond what the slowest stream has read
MOST = 8_192  # frames kept for the slowest stream; beyond that it is told of the gap
AT_ONCE = 256  # frames handed to one stream in one piece


class Ring:
    """Frames of the versions `oldest`..`version`; empty when they cross."""

    def __init__(self, account_id: AccountId, position: Position) -> None:
        self.account_id = account_id
        self.epoch = position.epoch
        self.version = position.version
        self.frames: deque[Frame] = deque()
        self.streams: set[Stream] = set()
        self.reading = asyncio.Lock()  # one reader of the database at a time: single flight

    @property
    def position(self) -> Position:
        return Position(self.epoch, self.version)

    @property
    def reaches_back_to(self) -> int:
        """A stream at this version or later misses nothing."""
        return self.version - len(self.frames)

    def append(self, frames: Iterable[Frame]) -> None:
        """The next frames; every stream is woken."""
        for frame in frames:
            assert frame.version == self.version + 1, "a history has no gaps"
            self.frames.append(frame)
            self.version = frame.version
        while len(self.frames) > MOST:
            self.frames.popleft()
        self.wake()

    def prepend(self, frames: Sequence[Frame]) -> None:
        """Older frames, read again for someone who comes from further back."""
        assert not frames or frames[-1].version == self.reaches_back_to
        self.frames.extendleft(reversed(frames))

    def begin_again(self, position: Position) -> None:
        """Another history, or a stretch too long to be told: every stream is told of the gap."""
        other = position.epoch != self.epoch
        self.epoch, self.version = position.epoch, position.version
        self.frames.clear()
        for stream in self.streams:
            stream.gap = Resync.EPOCH if other else Resync.OVERFLOW
        self.wake()

    def trim(self) -> None:
        """Forget what every stream has read, but for the latest."""
        slowest = min((stream.version for stream in self.streams), default=self.version)
        spare = len(self.frames) - max(KEEP, self.version - slowest)
        for _ in range(spare):
            self.frames.popleft()

    def wake(self) -> None:
        for stream in self.streams:
            stream.wake()

    def take(self, stream: Stream) -> list[Event]:
        """What the stream is to be told next, moving it on; empty when it has been told everything."""
        if stream.gap is None and stream.version < self.reaches_back_to:
            stream.gap = Resync.OVERFLOW
        if stream.gap is not None:
            event = resync(self.position, stream.gap)
            stream.version, stream.gap = self.version, None
            return [event]
        told = self._after(stream.version, stream.worker)
        stream.version = min(self.version, stream.version + AT_ONCE)
        if stream.heartbeat_due and not told:
            stream.heartbeat_due = False
            told = [heartbeat(Position(self.epoch, stream.version))]
        return told

    def _after(self, version: int, worker: UserId | None) -> list[Event]:
        start = version - self.reaches_back_to
        frames = islice(self.frames, start, start + AT_ONCE)
        return [event for frame in frames if (event := frame.event_for(worker)) is not None]
