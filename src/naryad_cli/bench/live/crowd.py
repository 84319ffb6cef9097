"""A crowd of readers in processes of their own, and what they have been told."""

import asyncio
import json
import sys
from array import array
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from naryad.db.bench.companies import browser_token
from naryad.db.embedded.cluster import HOST
from naryad_cli.bench.live.readers import Streams, as_line

OF_ONE_PROCESS = 5_000
PATH = "/v1/events"


@dataclass(frozen=True, slots=True)
class Arrivals:
    """One entry for each change that reached a reader: its version, and when (seconds since 1970)."""

    versions: "array[int]"
    times: "array[float]"


class Crowd:
    def __init__(self, processes: Sequence[asyncio.subprocess.Process], folder: Path) -> None:
        self._processes = processes
        self._folder = folder

    async def count(self) -> dict[str, Any]:
        """`open`, `changes`, `heartbeats` and the like, added over all processes; texts of the first."""
        told = await asyncio.gather(*(_ask(one, ask="count") for one in self._processes))
        return _added(told)

    async def told(self, changes: int, within_s: float) -> int:
        """Wait until so many changes have arrived since the last `arrivals`, or the time is up."""
        loop = asyncio.get_running_loop()
        until = loop.time() + within_s
        while (await self.count())["changes"] < changes and loop.time() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.1)  # it is another process that knows
        return int((await self.count())["changes"])

    async def arrivals(self) -> Arrivals:
        """All changes that arrived since the last time, of all streams."""
        versions, times = array("q"), array("d")
        for process in self._processes:
            path = self._folder / f"arrivals-{process.pid}"
            count = (await _ask(process, ask="arrivals", path=str(path)))["arrivals"]
            with path.open("rb") as file:
                versions.fromfile(file, count)
                times.fromfile(file, count)
            path.unlink()
        return Arrivals(versions, times)


@asynccontextmanager
async def crowd(
    port: int, requests: Sequence[str], folder: Path, *, come_back: bool = False
) -> AsyncIterator[Crowd]:
    """Readers of these streams, once all are open. Raises RuntimeError when one is refused."""
    async with AsyncExitStack() as stack:
        parts = [requests[at : at + OF_ONE_PROCESS] for at in range(0, len(requests), OF_ONE_PROCESS)]
        processes = [await stack.enter_async_context(_readers()) for _ in parts]
        for number, (process, part) in enumerate(zip(processes, parts, strict=True), start=2):
            assert process.stdin is not None
            process.stdin.write(as_line(Streams(HOST, port, f"127.0.0.{number}", part, come_back)))
            await process.stdin.drain()
        opened = _added([await _line(one) for one in processes])
        if opened["open"] < len(requests):
            raise RuntimeError(f"{opened['open']} of {len(requests)} streams opened: {opened['refused']}")
        yield Crowd(processes, folder)


def stream_request(company: int, browser: int) -> str:
    """A browser's stream, with the headers that it needs and no others."""
    token = browser_token(company, browser)
    return f"GET {PATH} HTTP/1.1\r\nHost: naryad\r\nAuthorization: Bearer {token}\r\n"


@asynccontextmanager
async def _readers() -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "naryad_cli.bench.live.readers",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _ask(process: asyncio.subprocess.Process, **question: str) -> dict[str, Any]:
    assert process.stdin is not None
    process.stdin.write(json.dumps(question).encode() + b"\n")
    await process.stdin.drain()
    return await _line(process)


async def _line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError(f"the readers ended with {await process.wait()}")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _added(told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    first = dict(told[0])
    for more in told[1:]:
        for name, value in more.items():
            if isinstance(value, int | list):
                first[name] += value
    return first
