"""An S3 server on loopback (moto), as a process of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from support.server import free_port

BUCKET = "naryad"


@asynccontextmanager
async def s3_server() -> AsyncIterator[str]:
    """The endpoint of an S3 server that has one empty bucket, `naryad`."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    endpoint = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(60), httpx.AsyncClient() as http:
            while True:
                try:
                    answer = await http.put(f"{endpoint}/{BUCKET}")
                    break
                except httpx.TransportError:
                    assert process.returncode is None, "moto ended"
                    await asyncio.sleep(0.05)
        assert answer.status_code == 200, answer.text
        yield endpoint
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
