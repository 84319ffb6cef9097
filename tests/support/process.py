"""Services as real processes, to be really killed."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from support.server import free_port


@dataclass
class Service:
    process: asyncio.subprocess.Process
    url: str
    said: list[str] = field(default_factory=list)

    async def ended(self) -> int:
        """The exit status, when it has ended."""
        async with asyncio.timeout(30):
            return await self.process.wait()


@asynccontextmanager
async def running(module: str, database_url: str, **settings: str) -> AsyncIterator[Service]:
    """`python -m module` on a free port, once it is ready; killed after the block if it still lives."""
    port = free_port()
    service = await start(module, database_url, port, **settings)
    try:
        await _ready(service)
        yield service
    finally:
        if service.process.returncode is None:
            service.process.kill()
        await service.process.wait()


async def start(module: str, database_url: str, port: int, **settings: str) -> Service:
    environment = {**os.environ, "NARYAD_DATABASE_URL": database_url, **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, "--port", str(port), env=environment, stderr=asyncio.subprocess.PIPE
    )
    service = Service(process, f"http://127.0.0.1:{port}")
    service.reading = asyncio.create_task(_read(service))  # type: ignore[attr-defined]
    return service


async def _read(service: Service) -> None:
    assert service.process.stderr is not None
    async for line in service.process.stderr:
        service.said.append(re.sub(r"\s+$", "", line.decode()))


async def _ready(service: Service) -> None:
    async with asyncio.timeout(30), httpx.AsyncClient() as http:
        while True:
            try:
                if (await http.get(f"{service.url}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass  # not listening yet
            if service.process.returncode is not None:
                raise AssertionError(f"ended with {service.process.returncode}: {service.said}")
            await asyncio.sleep(0.02)
