"""One service as a process of its own: `python -m naryad_api`, `naryad_gateway`, `naryad_pusher`."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import TypeVar

import uvicorn
from starlette.types import ASGIApp

from naryad.blobs.errors import StorageUnavailable
from naryad.blobs.open import BadStorageUrl
from naryad.db.pool import Unavailable
from naryad.db.schema import SchemaMismatch, check_database
from naryad.serving import server_config
from naryad.settings import LogFormat, SettingMissing, Settings
from naryad.telemetry import configure_logging

App = TypeVar("App", bound=ASGIApp)
Drain = Callable[[App], Awaitable[None]]

CANNOT_START = 2


class DrainingServer(uvicorn.Server):
    """On SIGTERM drains first: uvicorn alone does not end while a stream is open.

    A server that ended as it was told to has not failed: where uvicorn raises the signal again, and dies
    of it, this one ends with status 0.
    """

    def __init__(self, config: uvicorn.Config, drain: Callable[[], Awaitable[None]] | None) -> None:
        super().__init__(config)
        self._drain = drain
        self._draining: asyncio.Task[None] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._drain is None or self._draining is not None:
            self.force_exit = self.should_exit and sig == signal.SIGINT
            self.should_exit = True
            return
        self._draining = asyncio.ensure_future(self._drain_first(self._drain))

    async def _drain_first(self, drain: Callable[[], Awaitable[None]]) -> None:
        try:
            await drain()
        finally:
            self.should_exit = True


def run_alone(
    service: str,
    does: str,
    port: int,
    create_app: Callable[[Settings], App],
    drain: "Drain[App] | None" = None,
) -> None:
    """Serve until SIGTERM. Refuses to start, in words and with status 2, where it could not work."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {service}",
        description=f"{does} Settings are NARYAD_* environment variables (docs/settings.md).",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument(
        "--port", type=int, default=port, help=f"port to listen on, 0 for a free one ({port})"
    )
    options = parser.parse_args()
    settings = Settings()
    configure_logging(settings.log_level, json=settings.log_format is LogFormat.JSON)
    try:
        asyncio.run(check_database(settings.database_dsn))
        app = create_app(settings)
    except (*Unavailable, SchemaMismatch, SettingMissing, BadStorageUrl, StorageUnavailable) as error:
        print(f"{service} cannot start: {str(error) or type(error).__name__}", file=sys.stderr)  # noqa: T201
        sys.exit(CANNOT_START)
    config = server_config(app, settings.drain_seconds, host=options.host, port=options.port)

    async def drained() -> None:
        assert drain is not None
        await drain(app)

    DrainingServer(config, drained if drain else None).run()
