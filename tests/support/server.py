"""A service on loopback inside the test's loop, served by uvicorn as in production."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import httpx
import uvicorn
from pydantic import SecretStr
from starlette.types import ASGIApp

from naryad.actions.ledger import Stores
from naryad.db.doorbell import open_doorbell
from naryad.db.pool import open_database
from naryad.serving import KEEP_ALIVE_S
from naryad.settings import Settings
from naryad_api.app import create_app
from naryad_api.idle import IdlePoll

NO_CAS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients that speak http on loopback: reading the system's CAs would take each 40 ms."""


@dataclass(frozen=True)
class Api:
    url: str
    database_url: str
    stores: Stores
    app: IdlePoll

    async def stored_contacts(self) -> None:
        """What phones told of themselves is in the database."""
        assert self.app.contacts is not None
        await self.app.contacts.flush()


@asynccontextmanager
async def serving(app: ASGIApp, *, send_buffer: int | None = None) -> AsyncIterator[str]:
    """The base URL of an application while it is started and served; `send_buffer` is each connection's."""
    async with _serving(app, "on", send_buffer) as url:
        yield url


@asynccontextmanager
async def serving_started(app: ASGIApp, bound: socket.socket | None = None) -> AsyncIterator[str]:
    """The base URL of an application that someone else has started, on a socket that is bound elsewhere."""
    async with _serving(app, "off", bound=bound) as url:
        yield url


@asynccontextmanager
async def _serving(
    app: ASGIApp,
    lifespan: Literal["on", "off"],
    send_buffer: int | None = None,
    bound: socket.socket | None = None,
) -> AsyncIterator[str]:
    listener = bound or socket.socket()
    if send_buffer is not None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)  # inherited
    if bound is None:
        listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            lifespan=lifespan,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=1,
        )
    )
    task = asyncio.create_task(server.serve([listener]))
    try:
        while not server.started:
            if task.done():
                await task
                raise RuntimeError("the server ended before it started")
            await asyncio.sleep(0.005)
        host, port = listener.getsockname()
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def running_api(database_url: str) -> AsyncIterator[Api]:
    settings = Settings(database_url=SecretStr(database_url))
    app = create_app(settings)
    async with (
        serving(app) as url,
        open_database(database_url, name="test") as database,
        open_doorbell(database_url) as doorbell,
    ):
        yield Api(url, database_url, Stores(database, doorbell), app)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def client(url: str, token: str | None = None) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=20, verify=NO_CAS)
