"""The gateway service: what it is made of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from naryad.db.listen import Listener
from naryad.db.pool import Database, Unavailable, open_database
from naryad.db.schema import SchemaMismatch
from naryad.domain.refusals import Refusal, Slug, not_found
from naryad.settings import Settings
from naryad_gateway.access import admit, resume_from
from naryad_gateway.answer import problem
from naryad_gateway.drain import drain
from naryad_gateway.history import History
from naryad_gateway.hub import Hub
from naryad_gateway.metrics import LISTENER_SILENT
from naryad_gateway.phones import Phones
from naryad_gateway.sse import send_away, stream_events
from naryad_gateway.watch import keep_watch
from naryad_gateway.wheel import keep_time
from naryad_gateway.ws import refuse_handshake, stream_messages

log = structlog.get_logger()

POOL_SIZE = 6  # four readers of histories, two for whoever knocks


class Gateway:
    """An ASGI application: the two transports as raw ASGI, the rest by Starlette."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database: Database
        self.hub: Hub
        self.listener: Listener
        self._keepers: list[asyncio.Task[None]] = []
        routes = [
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
            Route("/metrics", _metrics),
        ]
        handlers = {HTTPException: _nothing_here}
        self._rest = Starlette(routes=routes, lifespan=self._lifespan, exception_handlers=handlers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._messages(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == "/v1/events":
            await self._events(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    async def drain(self) -> None:
        """Send all readers away to other replicas; new ones are sent away at once."""
        await drain(self.hub, self.settings.drain_seconds)

    async def _events(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["method"] != "GET":
                raise Refusal(Slug.METHOD_NOT_ALLOWED, "Events are read with GET.")
            session = await admit(self.database, scope, self.settings.public_url)
            after = resume_from(scope)
            if self.hub.draining:
                await send_away(send)
                return
            await stream_events(self.hub, session, after, send)
        except Refusal as refusal:
            await problem(refusal)(scope, receive, send)
        except Unavailable as error:
            log.warning("a stream cannot begin", error=repr(error))
            await send_away(send)

    async def _messages(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["path"] != "/v1/ws":
                raise not_found()
            session = await admit(self.database, scope, self.settings.public_url)
        except Refusal as refusal:
            await refuse_handshake(scope, receive, send, problem(refusal))
        except Unavailable as error:
            log.warning("a stream cannot begin", error=repr(error))
            unavailable = Refusal(Slug.UNAVAILABLE, "The database does not answer: come back.")
            await refuse_handshake(scope, receive, send, problem(unavailable))
        else:
            await stream_messages(self.hub, session, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        settings = self.settings
        async with open_database(
            settings.database_dsn, name="naryad-gateway", max_size=POOL_SIZE
        ) as database:
            self.database = database
            self.hub = Hub(
                History(database),
                per_account=settings.gateway_per_account,
                per_user=settings.gateway_per_user,
            )
            self.listener = Listener(settings.listen_dsn, self.hub.on_news, name="naryad-gateway-listen")
            LISTENER_SILENT.set_function(lambda: self.listener.silent_s)
            keepers = {
                "listener": self.listener.keep_listening(),
                "news": self.hub.keep_up(),
                "wheel": keep_time(self.hub),
                "watch": keep_watch(self.hub, database),
                "phones": Phones(self.hub, database).keep_looking(),
            }
            self._keepers = [asyncio.create_task(work, name=name) for name, work in keepers.items()]
            for task in self._keepers:
                task.add_done_callback(_report)
            try:
                yield
            finally:
                for task in self._keepers:
                    task.cancel()
                await asyncio.wait(self._keepers)

    async def _healthz(self, _: Request) -> Response:
        if any(task.done() for task in self._keepers):
            return problem(Refusal(Slug.INTERNAL, "A part of the gateway has failed: restart it."))
        return PlainTextResponse("ok\n")

    async def _readyz(self, _: Request) -> Response:
        try:
            await self.database.check_ready()
        except (*Unavailable, SchemaMismatch) as error:
            return problem(Refusal(Slug.UNAVAILABLE, str(error) or type(error).__name__))
        if self.hub.draining:
            return problem(Refusal(Slug.UNAVAILABLE, "draining"))
        return PlainTextResponse("ready\n")


def create_app(settings: Settings) -> Gateway:
    return Gateway(settings)


async def _metrics(_: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _nothing_here(_: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == 405:
        return problem(Refusal(Slug.METHOD_NOT_ALLOWED, "This is read with GET."))
    return problem(Refusal(Slug.NOT_FOUND, "Here are /v1/events, /v1/ws, /healthz, /readyz and /metrics."))


def _report(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("a part of the gateway failed", part=task.get_name(), exc_info=task.exception())
