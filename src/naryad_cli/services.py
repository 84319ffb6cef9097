"""The three services in one process, under one origin."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp

from naryad.settings import Settings
from naryad_api.app import create_app as create_api
from naryad_cli.lifespan import lifespan
from naryad_cli.running import Parts


@asynccontextmanager
async def running_services(settings: Settings, parts: Parts) -> AsyncIterator[ASGIApp]:
    """Start them all, and give the application to serve; stop them in the reverse order after the block."""
    api = create_api(settings)
    async with lifespan(api) as api_task:
        parts.watch("the API", api_task)
        yield api
