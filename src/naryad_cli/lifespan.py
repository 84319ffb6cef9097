"""Runs the start and the end of an ASGI application (ASGI lifespan 2.0), as a server would."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp, Message, Scope, Send


@asynccontextmanager
async def lifespan(app: ASGIApp) -> AsyncIterator["asyncio.Task[None]"]:
    """The application is started while the block lasts; its own errors are raised here.

    The task given ends early, with its error, if the application falls over meanwhile.
    """
    inbox: asyncio.Queue[Message] = asyncio.Queue(maxsize=1)
    started = asyncio.Event()

    async def send(message: Message) -> None:
        # On "failed" the application raises its error next, which says more than the message.
        if message["type"] == "lifespan.startup.complete":
            started.set()

    scope: Scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    task: asyncio.Task[None] = asyncio.ensure_future(_run(app, scope, inbox, send))
    try:
        await inbox.put({"type": "lifespan.startup"})
        waiting = asyncio.ensure_future(started.wait())
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if task.done():
            await task
            raise RuntimeError("the application ended before it had started")
        yield task
    finally:
        if not task.done():
            await inbox.put({"type": "lifespan.shutdown"})
        await task


async def _run(app: ASGIApp, scope: Scope, inbox: "asyncio.Queue[Message]", send: Send) -> None:
    await app(scope, inbox.get, send)
