"""A bound on request bodies, and an id for every request."""

import base64
import os

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from naryad.domain.refusals import Refusal, Slug
from naryad_api.errors import problem

MAX_BODY = 2 * 1024 * 1024  # 500 operations with long reports; files have a lane of their own


class BodyLimit:
    """Refuses a body over MAX_BODY, announced or not, before it is gathered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/v1/uploads"):
            await self.app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > MAX_BODY:
            await _too_large(scope, receive, send)
            return
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MAX_BODY:
                raise Refusal(Slug.TOO_LARGE, f"At most {MAX_BODY} bytes: send fewer operations at a time.")
            return message

        await self.app(scope, bounded, send)


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    refusal = Refusal(Slug.TOO_LARGE, f"At most {MAX_BODY} bytes: send fewer operations at a time.")
    answer = problem(refusal)
    answer.headers["Connection"] = "close"  # the rest of the body is not read
    await answer(scope, receive, send)


class RequestId:
    """Names every request in its answer and in the logs it causes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = base64.urlsafe_b64encode(os.urandom(12)).decode()

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", name.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=name, path=scope["path"]):
            await self.app(scope, receive, named)
