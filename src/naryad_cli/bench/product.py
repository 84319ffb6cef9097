"""The whole product inside the benchmark's process, on sockets that the benchmark chooses."""

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from pydantic import SecretStr

from naryad.settings import Settings
from naryad_cli.http import served
from naryad_cli.running import Parts
from naryad_cli.services import running_services


@asynccontextmanager
async def product(database_url: str, listeners: Sequence[socket.socket]) -> AsyncIterator[None]:
    """API, gateway and pusher, served on all of these while the block lasts."""
    settings = Settings().model_copy(
        update={"database_url": SecretStr(database_url), "listen_database_url": None}
    )
    async with running_services(settings, Parts()) as app, AsyncExitStack() as servers:
        for listener in listeners:
            await servers.enter_async_context(served(app, listener, drain_seconds=1))
        yield
