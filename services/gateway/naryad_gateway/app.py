"""The gateway service: what it is made of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from naryad.db.listen import Listener
from naryad.db.pool import Database, Unavailable, open_database
from naryad.db.schema import SchemaMismatch
from naryad.domain.refusals import Refusal, Slug, not_found
from naryad.settings import Settings
from naryad_gateway.access import admit, resume_from
from naryad_gateway.hub import Hub
from naryad_gateway.sse import come_back_s, send_away, stream_events
from naryad_gateway.ws import stream_messages

log = structlog.get_logger()


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
        self._rest = Starlette(routes=routes, lifespan=self._lifespan)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path")
        if scope["type"] == "http" and path == "/v1/events":
            await self._events(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._messages(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    async def drain(self) -> None:
        """Send all readers away to other replicas; new ones are sent away at once."""
        await self.hub.drain(self.settings.drain_seconds)

    async def _events(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["method"] != "GET":
                raise Refusal(Slug.METHOD_NOT_ALLOWED, "Events are read with GET.")
            session = await admit(self.database, scope, self.settings.public_url)
            after = resume_from(scope)
            if self.hub.draining:
                await send_away(send, come_back_s())
                return
            await stream_events(self.hub, session, after, scope, receive, send)
        except Refusal as refusal:
            await _problem(refusal)(scope, receive, send)
        except Unavailable as error:
            log.warning("stream cannot begin", error=repr(error))
            await send_away(send, come_back_s())

    async def _messages(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["path"] != "/v1/ws":
                raise not_found()
            session = await admit(self.database, scope, self.settings.public_url)
        except Refusal as refusal:
            await receive()
            await _refuse_handshake(scope, send, _problem(refusal))
            return
        except Unavailable as error:
            log.warning("stream cannot begin", error=repr(error))
            unavailable = Refusal(Slug.UNAVAILABLE, "The database does not answer: come back.")
            await receive()
            await _refuse_handshake(scope, send, _problem(unavailable))
            return
        await stream_messages(self.hub, session, scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        settings = self.settings
        async with open_database(settings.database_dsn, name="naryad-gateway", max_size=6) as database:
            self.database = database
            self.hub = Hub(
                database, per_account=settings.gateway_per_account, per_user=settings.gateway_per_user
            )
            self.listener = Listener(settings.listen_dsn, self.hub.on_news, name="naryad-gateway-listen")
            keepers = (
                self.listener.keep_listening(),
                self.hub.keep_up(),
                self.hub.keep_time(),
                self.hub.keep_watch(),
            )
            self._keepers = [asyncio.create_task(keeper) for keeper in keepers]
            try:
                yield
            finally:
                for task in self._keepers:
                    task.cancel()
                for error in await asyncio.gather(*self._keepers, return_exceptions=True):
                    if isinstance(error, Exception):
                        log.error("a part of the gateway failed", exc_info=error)

    async def _healthz(self, _: Request) -> Response:
        if any(task.done() for task in self._keepers):
            return _problem(Refusal(Slug.INTERNAL, "A part of the gateway has failed: restart it."))
        return PlainTextResponse("ok\n")

    async def _readyz(self, _: Request) -> Response:
        try:
            await self.database.check_ready()
        except (*Unavailable, SchemaMismatch) as error:
            return _problem(Refusal(Slug.UNAVAILABLE, str(error) or type(error).__name__))
        if self.hub.draining:
            return _problem(Refusal(Slug.UNAVAILABLE, "draining"))
        return PlainTextResponse("ready\n")


def create_app(settings: Settings) -> Gateway:
    return Gateway(settings)


async def _metrics(_: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _problem(refusal: Refusal) -> JSONResponse:
    headers = {"Retry-After": "2"} if refusal.status in (429, 503) else {}
    return JSONResponse(refusal.as_json(), refusal.status, headers, media_type="application/problem+json")


async def _refuse_handshake(scope: Scope, send: Send, answer: JSONResponse) -> None:
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    await send(
        {"type": "websocket.http.response.start", "status": answer.status_code, "headers": answer.raw_headers}
    )
    await send({"type": "websocket.http.response.body", "body": bytes(answer.body)})
