"""Where bodies of uploads are written: how many at once, in parts of which size."""

import asyncio

import structlog
from starlette.types import Receive

from naryad.actions.uploads import Writer
from naryad.domain.ids import UploadId
from naryad_api.tus.headers import Checksum
from naryad_api.tus.intake import Ended, Intake

log = structlog.get_logger()

HELD = 16 * 1024**2
"""Bytes of all bodies together that wait to be written: with many uploads, the parts are smaller."""

SMALLEST, LARGEST = 64 * 1024, 1024**2
WRITTEN_AT_ONCE = 4
"""Fewer than there are database connections: syncs come first."""

FINISHED_AT_ONCE = 2
BEAT_S = 1.0
DEAD_S = 30.0
"""A body from which no byte came for this long is ended, whether another request comes or not."""


class UploadDesk:
    """The uploads that this process is taking in."""

    def __init__(self) -> None:
        self.intakes: dict[UploadId, Intake] = {}
        self.finishing = asyncio.Semaphore(FINISHED_AT_ONCE)
        self._writing = asyncio.Semaphore(WRITTEN_AT_ONCE)

    def part_size(self) -> int:
        return min(LARGEST, max(SMALLEST, HELD // 2 // max(1, len(self.intakes))))

    async def take_in(self, writer: Writer, receive: Receive, checksum: Checksum | None) -> Ended:
        """Write a body, part by part, as it comes. What has come before it ended, however, is kept.

        Raises WriterReplaced, StorageUnavailable.
        """
        intake = Intake(receive, self.part_size, writer.upload.length - writer.position)
        self.intakes[writer.upload.id] = intake
        pump = asyncio.create_task(intake.pump())
        try:
            return await self._write(writer, intake, pump, checksum)
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
            if self.intakes.get(writer.upload.id) is intake:
                del self.intakes[writer.upload.id]
            intake.settle()

    async def _write(
        self, writer: Writer, intake: Intake, pump: "asyncio.Task[None]", checksum: Checksum | None
    ) -> Ended:
        loop = asyncio.get_running_loop()
        told_at = loop.time()
        while True:
            await intake.wait()
            if pump.done():
                pump.result()  # raises what it raised
            if intake.due() and (data := intake.take()):
                async with self._writing:
                    await writer.append(data)
                if checksum is not None:
                    await asyncio.to_thread(checksum.hashed.update, data)
                told_at = loop.time()
            if intake.ended is not None and intake.empty:
                return intake.ended
            if intake.empty and intake.due():
                intake.settle()
            if intake.heard_at > told_at and loop.time() - told_at >= BEAT_S:
                told_at = loop.time()
                await writer.beat()
            if intake.silent_s >= DEAD_S:
                intake.end(Ended.SILENT)
