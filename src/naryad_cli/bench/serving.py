"""A service in a process of its own, as operators run it, while a figure is measured."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from naryad.db.embedded.cluster import HOST, free_port

STARTS_WITHIN_S = 30


@dataclass(frozen=True, slots=True)
class Served:
    port: int
    process: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        return self.process.pid


@asynccontextmanager
async def service(module: str, database_url: str, **environment: str) -> AsyncIterator[int]:
    """`python -m module` on the port given, once it accepts connections."""
    async with process_of(module, database_url, environment) as served:
        yield served.port


@asynccontextmanager
async def process_of(
    module: str, database_url: str, environment: Mapping[str, str], port: int | None = None
) -> AsyncIterator[Served]:
    """The same, and its process: to be looked at, or ended before its time."""
    port = port or free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        "--port",
        str(port),
        env={
            **os.environ,
            "NARYAD_DATABASE_URL": database_url,
            "NARYAD_LOG_LEVEL": "warning",
            **environment,
        },
    )
    try:
        async with asyncio.timeout(STARTS_WITHIN_S):
            while not await _accepts(port):
                if process.returncode is not None:
                    raise RuntimeError(f"{module} ended with {process.returncode}")
                await asyncio.sleep(0.02)
        yield Served(port, process)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _accepts(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True
