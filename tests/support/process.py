"""Services as real processes, to be really killed."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from support.server import free_port

TESTS = str(Path(__file__).parent.parent)
"""Where processes find `support`: for their PYTHONPATH."""


@dataclass
class Service:
    process: asyncio.subprocess.Process
    url: str
    said: list[str] = field(default_factory=list)

    async def ended(self) -> int:
        """The exit status, when it has ended."""
        async with asyncio.timeout(60):
            return await self.process.wait()

    async def kill(self) -> None:
        """SIGKILL, if it still lives."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def running(module: str, database_url: str, **settings: str) -> AsyncIterator[Service]:
    """`python -m module` on a free port, once it is ready; killed after the block if it still lives."""
    service = await start(module, database_url, free_port(), **settings)
    try:
        await ready(service)
        yield service
    finally:
        await service.kill()


@dataclass
class Post:
    """A place at one address that services take one after the other."""

    database_url: str
    port: int
    service: Service | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def take(self, module: str, **settings: str) -> Service:
        """Start this one where the last one has died; returns when it is ready."""
        assert self.service is None or self.service.process.returncode is not None
        self.service = await start(module, self.database_url, self.port, **settings)
        await ready(self.service)
        return self.service

    async def ended(self) -> int:
        assert self.service is not None
        return await self.service.ended()


@asynccontextmanager
async def post(database_url: str, port: int) -> AsyncIterator[Post]:
    """Whoever holds the place in the end is killed after the block."""
    held = Post(database_url, port)
    try:
        yield held
    finally:
        if held.service is not None:
            await held.service.kill()


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


async def ready(service: Service) -> None:
    async with asyncio.timeout(60), httpx.AsyncClient() as http:
        while True:
            try:
                if (await http.get(f"{service.url}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass  # not listening yet
            if service.process.returncode is not None:
                raise AssertionError(f"ended with {service.process.returncode}: {service.said}")
            await asyncio.sleep(0.02)
