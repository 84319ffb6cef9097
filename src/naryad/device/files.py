"""The second lane: bytes of photos and attachments. An operation never waits for a file.

The driver opens or shuts this lane after every sync; the lane moves files by itself while it is open
and stops in the middle of one when it is shut.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Protocol, assert_never

from naryad.device.accounting import to_move, unsent, with_file
from naryad.device.carrier import At, Carrier, Gone, Stopped
from naryad.device.held_file import HeldFile, Stage
from naryad.device.shelf import Shelf
from naryad.device.state import DeviceState
from naryad.domain.ids import FileId

PROBE = 64 * 1024
"""The first bytes of an upload measure the link before the rest is trusted to it."""

STRETCH = 512 * 1024
"""Bytes of one PATCH after that: between two the link is judged anew."""

PATIENCE_S = 3.0
"""On top of what a stretch takes at the slowest speed that is not slow."""

PROVING_S = 30.0
"""With the last stretch the server joins the file and proves its hash."""

ANYWAY_S = 300.0
"""What the worker sends on a slow network may take its time, down to a few kbit/s."""

FIRST_RETRY_S = 5.0
LAST_RETRY_S = 600.0


class Host(Protocol):
    """What the lane needs of its phone."""

    @property
    def state(self) -> DeviceState: ...

    @property
    def token(self) -> str | None: ...

    def become(self, state: DeviceState) -> None:
        """Store the state; it counts when this returns."""

    @property
    def whatever_the_speed(self) -> bool:
        """Files move on a slow network too: the worker or the policy says so."""

    def moved(self, size: int, seconds: float) -> bool:
        """So many bytes took so long: how the link is now. False: too slow for files, stop."""

    def now(self) -> float:
        """Seconds of a clock that does not run backwards."""


class FileLane(Protocol):
    """What the driver needs of the lane."""

    def keep(self, id: FileId, content: bytes) -> None:
        """Store a photo's bytes, before its operation. On the disk when this returns."""

    def unsent(self) -> tuple[int, int]:
        """(files, bytes) that still have to leave the phone."""

    def allow(self, open: bool) -> None:
        """R7, R8: whether files may move now."""

    def retry(self) -> None:
        """The network is another one, or the worker asks: what had to wait need not."""

    def settled(self) -> None:
        """Some files need not be held any longer: forget their bytes too."""


@dataclass(slots=True)
class Delay:
    failures: int
    until: float


class Files:
    """The lane of one phone. One file moves at a time; one that fails does not hold up the others."""

    def __init__(
        self, host: Host, shelf: Shelf, carrier: Carrier, chance: Callable[[], float] = random.random
    ) -> None:
        self._host, self._shelf, self._carrier, self._chance = host, shelf, carrier, chance
        self._delays: dict[FileId, Delay] = {}
        self._moving: asyncio.Task[None] | None = None
        shelf.sweep(host.state.files)

    def keep(self, id: FileId, content: bytes) -> None:
        self._shelf.keep(id, content)

    def unsent(self) -> tuple[int, int]:
        return unsent(self._host.state)

    def allow(self, open: bool) -> None:
        if not open:
            self._stop()
        elif self._moving is None or self._moving.done():
            self._moving = asyncio.ensure_future(self._move())

    def retry(self) -> None:
        self._delays.clear()

    def settled(self) -> None:
        self._shelf.sweep(self._host.state.files)

    async def idle(self) -> None:
        """Wait until nothing moves."""
        if self._moving is not None:
            await asyncio.wait([self._moving])
            self._moving.result()

    async def close(self) -> None:
        self._stop()
        if self._moving is not None:
            with suppress(asyncio.CancelledError):
                await self._moving
        await self._carrier.close()

    def _stop(self) -> None:
        if self._moving is not None:
            self._moving.cancel()

    async def _move(self) -> None:
        while (file := self._next()) is not None and (token := self._host.token) is not None:
            move = self._send if file.kind == "photo" else self._fetch
            stopped = await move(file, token)
            if stopped is None:
                self._delays.pop(file.id, None)
                continue
            if stopped is SLOW or stopped.signed_out:
                return
            self._delay(file, stopped)

    def _next(self) -> HeldFile | None:
        now = self._host.now()
        for file in to_move(self._host.state):
            delay = self._delays.get(file.id)
            if delay is None or delay.until <= now:
                return file
        return None

    def _delay(self, file: HeldFile, stopped: Stopped) -> None:
        before = self._delays.get(file.id)
        failures = before.failures + 1 if before else 1
        backoff = min(LAST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(failures - 1, 16)) * (1 - self._chance() / 2)
        self._delays[file.id] = Delay(failures, self._host.now() + max(backoff, stopped.retry_after_s or 0.0))
        self._note(file, why=stopped.why)

    async def _send(self, file: HeldFile, token: str) -> Stopped | None:
        """Every byte that the server does not have yet; None when it has them all."""
        at = await self._where(file, token)
        if isinstance(at, Stopped):
            return at
        path, round_trip = self._shelf.path(file.id), at.seconds
        while at.offset < file.size:
            size = min(STRETCH if at.offset else PROBE, file.size - at.offset)
            last = at.offset + size == file.size
            limit = self._patience(size) + round_trip
            try:
                async with asyncio.timeout(limit + PROVING_S * last):
                    sent = await self._carrier.send(at.upload, at.offset, path, size, token)
            except TimeoutError:
                self._host.moved(size, limit)
                return SLOW
            match sent:
                case At():
                    at = sent
                    if not last and not self._host.moved(size, max(0.001, sent.seconds - round_trip)):
                        return SLOW
                case Gone(why):
                    self._note(file, upload=None, why=why)
                    return Stopped(why)
                case Stopped():
                    return sent
                case _:
                    assert_never(sent)
        self._note(file, stage=Stage.SENT, why="")
        return None

    def _patience(self, size: int) -> float:
        """Seconds that a stretch may take."""
        if self._host.whatever_the_speed:
            return ANYWAY_S
        return size * 8 / 1000 / self._host.state.policy.slow_below_kbit_s + PATIENCE_S

    async def _where(self, file: HeldFile, token: str) -> At | Stopped:
        """The upload as it stands; a new one where there is none any more."""
        if file.upload is not None:
            at = await self._carrier.where(file.upload, token)
            if not isinstance(at, Gone):
                return at
        created = await self._carrier.create(file, token)
        if isinstance(created, At):
            self._note(file, upload=created.upload)
        return created

    async def _fetch(self, file: HeldFile, token: str) -> Stopped | None:
        """What is missing of an attachment; None when it is whole and verified."""
        held = self._shelf.part_size(file.id) if file.etag else 0
        if held < file.size or not held:
            fetched = await self._carrier.fetch(
                file, self._shelf.part(file.id), held, token,
                lambda size, seconds: seconds <= self._patience(size),
            )  # fmt: skip
            if isinstance(fetched, Stopped):
                return fetched
            file = self._note(file, etag=fetched.etag)
            fast = self._host.moved(fetched.size, fetched.seconds)
            if fetched.held < file.size:
                return Stopped("the connection broke") if fast else SLOW
        if not self._shelf.finish(file.id, file.sha256):
            self._note(file, etag=None)
            return Stopped("the file arrived damaged")
        self._note(file, stage=Stage.HELD, why="")
        return None

    def _note(self, file: HeldFile, **changed: object) -> HeldFile:
        """Store what became of a file, unless it was forgotten meanwhile."""
        held = self._host.state.files.get(file.id)
        if held is None:
            return file
        after = replace(held, **changed)  # type: ignore[arg-type] # members of HeldFile, named above
        self._host.become(with_file(self._host.state, after))
        return after


@asynccontextmanager
async def file_lane(
    base_url: str, shelf: Shelf, chance: Callable[[], float] = random.random
) -> AsyncIterator[Callable[[Host], Files]]:
    """What makes a phone's lane (`Phone(files=…)`); it is closed when the block ends."""
    async with AsyncExitStack() as lanes:

        def make(host: Host) -> Files:
            lane = Files(host, shelf, Carrier(base_url), chance)
            lanes.push_async_callback(lane.close)
            return lane

        yield make


SLOW = Stopped("waiting for a fast network")
"""Not the file's fault: it goes on at the next sync on a fast network."""
