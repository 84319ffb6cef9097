"""The three services in one process, under one origin."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from naryad.settings import Settings
from naryad_api.app import create_app as create_api
from naryad_cli.lifespan import lifespan
from naryad_cli.one_origin import OneOrigin
from naryad_cli.running import Parts
from naryad_gateway.app import create_app as create_gateway
from naryad_pusher.app import create_app as create_pusher


@asynccontextmanager
async def running_services(settings: Settings, parts: Parts) -> AsyncIterator[OneOrigin]:
    """Start them all, and give the application to serve; stop them in the reverse order after the block."""
    api = create_api(settings)
    # Draining slowly spreads readers over other replicas; here there is none.
    gateway = create_gateway(settings.model_copy(update={"drain_seconds": 0}))
    pusher = create_pusher(settings)
    async with lifespan(api) as api_task, lifespan(gateway) as gateway_task, lifespan(pusher) as pusher_task:
        parts.watch("the API", api_task)
        parts.watch("the gateway", gateway_task)
        parts.watch("the pusher", pusher_task)
        yield OneOrigin(api, gateway)
