"""uvicorn as one part of a larger process: it neither owns the signals nor the applications' start."""

import asyncio
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from naryad.serving import server_config
from naryad_cli.one_origin import OneOrigin


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.serving.set()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Signals are the whole process's affair."""
        yield


@asynccontextmanager
async def served(app: OneOrigin, listener: socket.socket, drain_seconds: float) -> AsyncIterator[None]:
    """Answer while the block lasts; then end streams at once, and requests within `drain_seconds`."""
    server = Server(server_config(app, drain_seconds, lifespan="off"))
    task = asyncio.create_task(server.serve([listener]))
    try:
        await server.serving.wait()
        yield
    finally:
        try:
            await app.drain()
        finally:
            server.should_exit = True
            await task
