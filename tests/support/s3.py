"""An S3 server on loopback (moto), as a process of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from support.server import free_port

BUCKET = "naryad"


@dataclass
class S3:
    """A server with one empty bucket, `naryad`. It forgets everything when it stops."""

    port: int
    process: asyncio.subprocess.Process | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(120), httpx.AsyncClient() as http:
            while True:
                try:
                    answer = await http.put(f"{self.endpoint}/{BUCKET}")
                    break
                except httpx.TransportError:
                    assert self.process.returncode is None, "moto ended"
                    await asyncio.sleep(0.05)
        assert answer.status_code == 200, answer.text

    async def stop(self) -> None:
        if self.process is not None:
            if self.process.returncode is None:
                self.process.kill()
            await self.process.wait()


@asynccontextmanager
async def s3_server() -> AsyncIterator[S3]:
    server = S3(free_port())
    try:
        await server.start()
        yield server
    finally:
        await server.stop()
