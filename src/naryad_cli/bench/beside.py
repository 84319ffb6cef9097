"""A process that a benchmark has beside it: told in lines on its stdin, it answers in lines of JSON."""

import asyncio
import json
import sys
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

END_S = 10
LONGEST_LINE = 2**24


@dataclass(frozen=True, slots=True)
class Arrivals:
    """One entry for each change that arrived: its version, and when (seconds since 1970)."""

    versions: "array[int]"
    times: "array[float]"


class Beside:
    def __init__(self, module: str, process: asyncio.subprocess.Process) -> None:
        self.pid = process.pid
        self._module = module
        self._process = process

    async def ask(self, question: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{question}\n".encode())
        await self._process.stdin.drain()
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        """Its next line. Raises RuntimeError when it has ended."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} ended with {await self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def arrivals(self, question: str, path: Path) -> Arrivals:
        """What arrived since the last time; asked so, it writes them to the file, and answers how many."""
        count = (await self.ask(question))["arrivals"]
        return _taken_from(path, count)


def _taken_from(path: Path, count: int) -> Arrivals:
    versions, times = array("q"), array("d")
    with path.open("rb") as file:
        versions.fromfile(file, count)
        times.fromfile(file, count)
    path.unlink()
    return Arrivals(versions, times)


@asynccontextmanager
async def beside(module: str, *arguments: str) -> AsyncIterator[Beside]:
    """`python -m module` while the block lasts: it ends when its stdin does."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=pipe, stdout=pipe, limit=LONGEST_LINE
    )
    try:
        yield Beside(module, process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), END_S)
        except TimeoutError:
            process.kill()
            await process.wait()
