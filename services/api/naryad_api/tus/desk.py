"""Where bodies of uploads are written: how many at once, in parts of which size."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from naryad.actions.uploads import Writer
from naryad.domain.ids import UploadId
from naryad_api.tus.headers import Checksum
from naryad_api.tus.intake import Ended, Intake
from naryad_api.tus.room import Room

HELD = 8 * 1024**2
"""Bytes of all bodies together that wait to be written: with many uploads, the parts are smaller.
Beside them, the server holds about 320 kB of each connection that is faster than we are."""

SMALLEST, LARGEST = 64 * 1024, 1024**2
WRITTEN_AT_ONCE = 4
"""Fewer than there are database connections: syncs come first."""

FINISHED_AT_ONCE = 2
BEAT_S = 1.0
SETTLE_S = 2.0
DEAD_S = 30.0
"""A body from which no byte came for this long is ended, whether another request comes or not."""


class UploadDesk:
    """The uploads that this process is taking in."""

    def __init__(self) -> None:
        self.writing: dict[UploadId, Intake] = {}
        self.finishing = asyncio.Semaphore(FINISHED_AT_ONCE)
        self.room = Room(HELD)
        self._here: dict[Intake, str] = {}
        self._places = asyncio.Semaphore(WRITTEN_AT_ONCE)

    def part_size(self) -> int:
        return min(LARGEST, max(SMALLEST, HELD // max(1, len(self._here))))

    @asynccontextmanager
    async def at(self, path: str, intake: Intake) -> AsyncIterator[None]:
        """Fetch a body while its request, to this path, is being worked on."""
        self._here[intake] = path
        pump = asyncio.create_task(intake.pump())
        pump.add_done_callback(lambda _: intake.end(Ended.CUT))  # if it fell over: nothing more will come
        try:
            yield
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
            del self._here[intake]
            intake.take()
            intake.settle()

    async def settled(self, path: str) -> None:
        """Until what had come to this path is written; but not for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                await asyncio.gather(*(one.settled() for one, where in self._here.items() if where == path))

    async def take_in(self, writer: Writer, intake: Intake, checksum: Checksum | None) -> Ended:
        """Write a body, part by part, as it comes. What has come before it ended, however, is kept.

        Raises WriterReplaced, StorageUnavailable.
        """
        intake.allow(writer.upload.length - writer.position)
        self.writing[writer.upload.id] = intake
        try:
            return await self._write(writer, intake, checksum)
        finally:
            if self.writing.get(writer.upload.id) is intake:
                del self.writing[writer.upload.id]

    async def _write(self, writer: Writer, intake: Intake, checksum: Checksum | None) -> Ended:
        loop = asyncio.get_running_loop()
        told_at = loop.time()
        while True:
            await intake.wait()
            if intake.due() and not intake.empty:
                async with self._places:
                    await _add(writer, intake.take(), checksum)
                told_at = loop.time()
            if intake.ended is not None and intake.empty:
                return intake.ended
            if intake.empty and intake.due():
                intake.settle()
            if intake.heard_at > told_at and loop.time() - told_at >= BEAT_S:
                told_at = loop.time()
                await writer.beat()
            if loop.time() - intake.heard_at >= DEAD_S:
                intake.end(Ended.SILENT)


async def _add(writer: Writer, data: bytes, checksum: Checksum | None) -> None:
    """In a frame of its own, which ends: else each waiting upload would hold its last part."""
    await writer.append(data)
    if checksum is not None:
        await asyncio.to_thread(checksum.hashed.update, data)
