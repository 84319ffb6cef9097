"""A service on loopback, over TLS or not, and the ways in which one may fail its clients."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from support.loopback_tls import LoopbackTls

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def on_loopback(app: web.Application, tls: LoopbackTls | None = None) -> AsyncIterator[int]:
    """The port on which it is served; requests that still run at the end are cancelled."""
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.server() if tls else None).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def plain(status: int, body: bytes, **headers: str) -> Handler:
    """Answers with any body."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, headers=headers)

    return answer


async def silent(request: web.Request) -> web.StreamResponse:
    """Never answers."""
    await asyncio.Event().wait()
    raise AssertionError("it never answers")


async def reset(request: web.Request) -> web.StreamResponse:
    """Cuts the connection in place of an answer."""
    assert request.transport is not None
    request.transport.abort()
    await asyncio.Event().wait()
    raise AssertionError("it never answers")


async def half(request: web.Request) -> web.StreamResponse:
    """Cuts the connection in the midst of the answer."""
    response = web.StreamResponse(headers={"content-length": "100"})
    await response.prepare(request)
    await response.write(b'{"name": "pro')
    return await reset(request)


async def endless(request: web.Request) -> web.StreamResponse:
    """An answer that does not end."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" " * 16_384)
