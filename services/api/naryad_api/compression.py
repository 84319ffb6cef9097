"""Answers made small, by what the client asks for: brotli, else gzip.

Of forty typical jobs brotli makes a sixth less than gzip, in about the same time. iOS and all browsers
ask for it by themselves over HTTPS; Android's OkHttp does with its brotli module, and asks for gzip without.
"""

import re

import anyio.to_thread
import brotli
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware, IdentityResponder
from starlette.types import ASGIApp, Receive, Scope, Send

FROM = 500  # bytes; below that, compression costs a phone more than it saves
QUALITY = 5  # the least that looks for matches far back; 11 takes a hundred milliseconds
IN_A_THREAD_FROM = 32 * 1024
AS_THEY_ARE = "/v1/files/"  # ranges and validators of files are of the bytes as they are

REFUSED = re.compile(r"\s*q=0(\.0*)?\s*")


class Compression:
    """ASGI middleware; leaves alone files, and what is small or already compressed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._gzip = GZipMiddleware(app, minimum_size=FROM)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(AS_THEY_ARE):
            await self._app(scope, receive, send)
        elif _accepts_brotli(Headers(scope=scope).get("accept-encoding", "")):
            await _BrotliResponder(self._app, FROM)(scope, receive, send)
        else:
            await self._gzip(scope, receive, send)


class _BrotliResponder(IdentityResponder):
    content_encoding = "br"
    _compressor: brotli.Compressor | None = None

    async def apply_compression(self, body: bytes, *, more_body: bool) -> bytes:
        if len(body) >= IN_A_THREAD_FROM:
            return await anyio.to_thread.run_sync(self._compress, body, more_body)
        return self._compress(body, more_body)

    def _compress(self, body: bytes, more_body: bool) -> bytes:
        if self._compressor is None:
            self._compressor = brotli.Compressor(mode=brotli.MODE_TEXT, quality=QUALITY)
        rest = self._compressor.flush if more_body else self._compressor.finish
        compressed: bytes = self._compressor.process(body) + rest()
        return compressed


def _accepts_brotli(accepted: str) -> bool:
    """RFC 9110 §12.5.3."""
    for one in accepted.split(","):
        coding, _, weight = one.partition(";")
        if coding.strip().lower() == "br":
            return REFUSED.fullmatch(weight) is None
    return False
