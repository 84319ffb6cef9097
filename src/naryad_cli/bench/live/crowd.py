"""A crowd of readers in processes of their own, and what they have been told."""

import asyncio
import json
from array import array
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from naryad.db.bench.companies import browser_token
from naryad.db.embedded.cluster import HOST
from naryad_cli.bench.beside import Arrivals, Beside, beside
from naryad_cli.bench.live.readers import Streams

OF_ONE_PROCESS = 5_000
PATH = "/v1/events"
READERS = "naryad_cli.bench.live.readers"


class Crowd:
    def __init__(self, processes: Sequence[Beside], folder: Path) -> None:
        self._processes = processes
        self._folder = folder

    async def count(self) -> dict[str, Any]:
        """`open`, `changes`, `heartbeats` and the like, added over all processes; texts of the first."""
        told = await asyncio.gather(*(one.ask(json.dumps({"ask": "count"})) for one in self._processes))
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
            part = await process.arrivals(json.dumps({"ask": "arrivals", "path": str(path)}), path)
            versions += part.versions
            times += part.times
        return Arrivals(versions, times)


@asynccontextmanager
async def crowd(
    port: int, requests: Sequence[str], folder: Path, *, come_back: bool = False
) -> AsyncIterator[Crowd]:
    """Readers of these streams, once all are open. Raises RuntimeError when one is refused."""
    async with AsyncExitStack() as stack:
        parts = [requests[at : at + OF_ONE_PROCESS] for at in range(0, len(requests), OF_ONE_PROCESS)]
        processes = [await stack.enter_async_context(beside(READERS)) for _ in parts]
        streams = [
            Streams(HOST, port, f"127.0.0.{number}", part, come_back)
            for number, part in enumerate(parts, start=2)
        ]
        asked = (one.ask(json.dumps(asdict(part))) for one, part in zip(processes, streams, strict=True))
        opened = _added(await asyncio.gather(*asked))
        if opened["open"] < len(requests):
            raise RuntimeError(f"{opened['open']} of {len(requests)} streams opened: {opened['refused']}")
        yield Crowd(processes, folder)


def stream_request(company: int, browser: int) -> str:
    """A browser's stream, with the headers that it needs and no others."""
    token = browser_token(company, browser)
    return f"GET {PATH} HTTP/1.1\r\nHost: naryad\r\nAuthorization: Bearer {token}\r\n"


def _added(told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    first = dict(told[0])
    for more in told[1:]:
        for name, value in more.items():
            if isinstance(value, int | list):
                first[name] += value
    return first
