"""Compression of answers, all but files: their ranges and validators are of the bytes as they are."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

COMPRESS_FROM = 500  # below that, compression costs a phone more than it saves
AS_THEY_ARE = "/v1/files/"


class Compress:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.plain = app
        self.gzip = GZipMiddleware(app, minimum_size=COMPRESS_FROM)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        bare = scope["type"] == "http" and scope["path"].startswith(AS_THEY_ARE)
        await (self.plain if bare else self.gzip)(scope, receive, send)
