"""uvicorn as one part of a larger process: it neither owns the signals nor the applications' start."""

import asyncio
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

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
    server = Server(
        uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=max(1, round(drain_seconds)),
            ws_max_size=64 * 1024,
            ws_per_message_deflate=False,  # its window is 300 kB a stream, and the frames are small
        )
    )
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
