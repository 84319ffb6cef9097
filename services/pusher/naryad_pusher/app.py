"""The pusher as a service: its work goes on while its few health routes are served."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from naryad.db.pool import Unavailable
from naryad.db.schema import SchemaMismatch
from naryad.settings import Settings
from naryad_pusher.channels import check_settings
from naryad_pusher.pusher import Pusher, running_pusher


def create_app(settings: Settings) -> Starlette:
    """An ASGI application that pushes between its lifespan's start and end.

    Raises SettingMissing for a provider's credentials that cannot work.
    """
    check_settings(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with running_pusher(settings) as pusher:
            app.state.pusher = pusher
            yield

    return Starlette(
        routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)],
        lifespan=lifespan,
    )


async def healthz(request: Request) -> Response:
    """The loops live."""
    pusher: Pusher = request.app.state.pusher
    if pusher.lives:
        return PlainTextResponse("ok\n")
    return PlainTextResponse("a loop has ended: restart this process\n", 503)


async def readyz(request: Request) -> Response:
    """The database answers, with this version's schema."""
    pusher: Pusher = request.app.state.pusher
    try:
        await pusher.database.check_ready()
    except (*Unavailable, SchemaMismatch) as error:
        return PlainTextResponse(f"{str(error) or type(error).__name__}\n", 503, {"Retry-After": "1"})
    return PlainTextResponse("ready\n")


async def metrics(request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
