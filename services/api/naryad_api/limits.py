"""A bound on request bodies, and an id for every request."""

import base64
import os

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from naryad.domain.refusals import Refusal, Slug
from naryad_api.errors import problem

MAX_BODY = 2 * 1024 * 1024  # 500 operations with long reports; files have a lane of their own
MAX_READ = 32 * 1024 * 1024  # read and dropped, so that the sender hears the refusal instead of a broken pipe


class BodyLimit:
    """Gathers a body up to MAX_BODY and refuses a larger one, announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/v1/uploads"):
            await self.app(scope, receive, send)
            return
        body = bytearray()
        taken = 0
        more = True
        while more and taken <= MAX_READ:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            taken += len(message.get("body", b""))
            more = message.get("more_body", False)
            if taken <= MAX_BODY:
                body += message.get("body", b"")
        if taken > MAX_BODY:
            refusal = Refusal(Slug.TOO_LARGE, f"At most {MAX_BODY} bytes: send fewer operations at a time.")
            await problem(refusal)(scope, receive, send)
            return
        gathered: Message | None = {"type": "http.request", "body": bytes(body), "more_body": False}

        async def once() -> Message:
            nonlocal gathered
            if gathered is None:
                return await receive()
            message, gathered = gathered, None
            return message

        await self.app(scope, once, send)


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
