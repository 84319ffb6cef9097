"""The processes that make previews, as the API sees them: few, replaced when one fails or takes too long."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import suppress

import structlog

from naryad.blobs.errors import StorageUnavailable
from naryad.blobs.previews.pipe import ANSWER, MADE, REQUEST
from naryad.domain.refusals import Refusal, Slug

log = structlog.get_logger()

AT_ONCE = 2
TIME_S = 15.0
QUEUE_S = 20.0
MAX_SOURCE = 64 * 1024**2


class NoPreview(Exception):
    """None can safely be made; the reason in words."""


class PreviewsBusy(StorageUnavailable):
    """Too many previews are asked for at once."""

    def refusal(self) -> Refusal:
        return Refusal(Slug.UNAVAILABLE, "Previews are asked for faster than they can be made. Try again.")


class Workers:
    """`close` ends them."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._idle: list[Process] = []

    async def make(self, size: int, pieces: AsyncIterator[bytes], longest: int) -> bytes:
        """A preview of `size` bytes of picture. Raises NoPreview, PreviewsBusy, and what `pieces` raises."""
        if size > MAX_SOURCE:
            raise NoPreview(f"it has more than {MAX_SOURCE} bytes")
        try:
            await asyncio.wait_for(self._places.acquire(), QUEUE_S)
        except TimeoutError:
            raise PreviewsBusy("previews are asked for faster than made") from None
        try:
            return await self._make(size, pieces, longest)
        finally:
            self._places.release()

    async def _make(self, size: int, pieces: AsyncIterator[bytes], longest: int) -> bytes:
        worker = self._idle.pop() if self._idle else await _start()
        well = False
        try:
            async with asyncio.timeout(TIME_S):
                status, body = await _ask(worker, size, pieces, longest)
            well = True
        except TimeoutError:
            raise NoPreview("it takes too long") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            log.warning("a preview process ended", status=worker.returncode)
            raise NoPreview("it cannot be read") from None
        finally:
            if well and len(self._idle) < AT_ONCE:
                self._idle.append(worker)
            else:
                await _end(worker)
        if status != MADE:
            raise NoPreview(body.decode())
        return body

    async def close(self) -> None:
        while self._idle:
            await _end(self._idle.pop())


async def _start() -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "naryad.blobs.previews.render"), stdin=PIPE, stdout=PIPE, close_fds=True
    )


async def _ask(worker: Process, size: int, pieces: AsyncIterator[bytes], longest: int) -> tuple[int, bytes]:
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(REQUEST.pack(longest, size))
    async for piece in pieces:
        worker.stdin.write(piece)
        await worker.stdin.drain()
    status, length = ANSWER.unpack(await worker.stdout.readexactly(ANSWER.size))
    return status, await worker.stdout.readexactly(length)


async def _end(worker: Process) -> None:
    with suppress(ProcessLookupError):
        worker.kill()
    await worker.wait()
