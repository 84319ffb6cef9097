"""The ring: an account's latest frames, contiguous by version, and the streams that read it."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from time import monotonic

from naryad.domain.cursor import Position
from naryad.domain.ids import AccountId, DeviceId, UserId
from naryad_gateway.frames import Event, Frame, Resync, heartbeat, resync
from naryad_gateway.metrics import RESYNCS
from naryad_gateway.notes import Notes
from naryad_gateway.stream import Stream
from naryad_gateway.turns import Turns

KEEP = 512  # frames kept beyond what the slowest stream has read; older ones are read again
MOST = 2_048  # frames kept for the slowest stream; beyond that it is told of the gap
SLACK = 128  # frames that go at once, because removing from the front moves the rest
PIECE = 32 * 1024  # bytes handed to one stream at once: what a stalled reader costs


class Ring:
    """Frames of the versions after `reaches_back_to`, up to `version`."""

    def __init__(self, account_id: AccountId, position: Position, turns: Turns) -> None:
        self.account_id = account_id
        self._turns = turns
        self.epoch = position.epoch
        self.version = position.version
        self.frames: list[Frame] = []  # a list, because each stream reads from a place in the middle
        self.streams: set[Stream] = set()
        self.of_user: Counter[UserId] = Counter()
        self.reading = asyncio.Lock()  # one reader of the database at a time: single flight
        self.empty_since = monotonic()
        self._heartbeat: Event | None = None
        self.notes = Notes()

    @property
    def position(self) -> Position:
        return Position(self.epoch, self.version)

    @property
    def has_desk(self) -> bool:
        """Someone here is told of phones."""
        return any(stream.worker is None for stream in self.streams)

    @property
    def reaches_back_to(self) -> int:
        """A stream at this version or later misses nothing."""
        return self.version - len(self.frames)

    def add(self, stream: Stream) -> None:
        self.streams.add(stream)
        stream.noted = self.notes.count
        self.of_user[stream.user_id] += 1

    def discard(self, stream: Stream) -> None:
        self.streams.remove(stream)
        self.of_user[stream.user_id] -= 1
        if not self.of_user[stream.user_id]:
            del self.of_user[stream.user_id]
        if not self.streams:
            self.empty_since = monotonic()

    def append(self, frames: Iterable[Frame]) -> None:
        """The next frames. It is the turn of the desk's streams, and of those of the workers concerned."""
        before = self.version
        concerned: set[UserId] = set()
        for frame in frames:
            assert frame.version == self.version + 1, "a history has no gaps"
            self.frames.append(frame)
            self.version = frame.version
            concerned |= frame.workers.keys()
        self._heartbeat = None
        for stream in self.streams:
            if stream.worker is None or stream.worker in concerned:
                self._turns.add(stream)
            elif stream.version == before:
                stream.version = self.version  # nothing of this is for it
        if len(self.frames) > MOST + SLACK:
            del self.frames[:-MOST]

    def note(self, device_id: DeviceId, event: Event) -> None:
        """How a phone is, for the desk."""
        self.notes.add(device_id, event)
        for stream in self.streams:
            if stream.worker is None:
                self._turns.add(stream)

    def prepend(self, frames: Sequence[Frame]) -> None:
        """Older frames, read again for someone who comes from further back."""
        assert not frames or frames[-1].version == self.reaches_back_to
        self.frames[:0] = frames

    def begin_again(self, position: Position, why: Resync) -> None:
        """Another history, or a stretch too long to be told: every stream is told of the gap."""
        self.epoch, self.version = position.epoch, position.version
        self.frames.clear()
        self._heartbeat = None
        for stream in self.streams:
            stream.gap = why
            self._turns.add(stream)

    def trim(self) -> None:
        """Forget what every stream has read, but for the latest."""
        slowest = min((stream.version for stream in self.streams), default=self.version)
        spare = len(self.frames) - max(KEEP, self.version - slowest)
        if spare > SLACK:
            del self.frames[:spare]
        desk = (stream.noted for stream in self.streams if stream.worker is None)
        self.notes.forget(min(desk, default=self.notes.count))

    def take(self, stream: Stream) -> list[Event]:
        """What the stream is to be told next, moving it on; empty when it has been told everything."""
        if stream.gap is None and stream.version < self.reaches_back_to:
            stream.gap = Resync.OVERFLOW
        if stream.gap is not None:
            event = resync(self.position, stream.gap)
            RESYNCS.labels(stream.gap).inc()
            stream.version, stream.gap = self.version, None
            return [event]
        told = self._after(stream)
        if not told and stream.worker is None and stream.noted < self.notes.count:
            stream.noted, told = self.notes.after(stream.noted, PIECE)
            return told
        if stream.heartbeat_due and not told:
            stream.heartbeat_due = False
            return [self._beat()]
        return told

    def _after(self, stream: Stream) -> list[Event]:
        told: list[Event] = []
        if stream.version == self.version:  # asked once more after each piece: nothing to cut out
            return told
        size = 0
        for frame in self.frames[stream.version - self.reaches_back_to :]:
            stream.version = frame.version
            event = frame.event_for(stream.worker)
            if event is not None:
                told.append(event)
                size += len(event.chunk)
                if size >= PIECE:
                    break
        return told

    def _beat(self) -> Event:
        if self._heartbeat is None:
            self._heartbeat = heartbeat(self.position)
        return self._heartbeat
