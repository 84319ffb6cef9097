"""`GET /v1/events`: the stream as text/event-stream, written as raw ASGI."""

import asyncio
import base64
import os
import random
from contextlib import suppress

from starlette.types import Receive, Scope, Send

from naryad.db.sessions import SessionRow
from naryad.domain.cursor import Position
from naryad_gateway.hub import STALLED_S, Hub
from naryad_gateway.ring import Ring
from naryad_gateway.stream import Stream

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


async def send_away(send: Send, after_s: float) -> None:
    """200, when to come back, and the end: EventSource gives up for good on an error status."""
    await _start(send)
    body = f"retry: {int(after_s * 1000)}\n\n".encode()
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def stream_events(
    hub: Hub, session: SessionRow, after: Position | None, scope: Scope, receive: Receive, send: Send
) -> None:
    """Tell the reader everything from `after` on, until either side ends it."""
    async with hub.join(session, after) as (ring, stream):
        await _start(send)
        await send({"type": "http.response.body", "body": stream.greeting.as_sse(), "more_body": True})
        reader = asyncio.ensure_future(_left(receive))
        reader.add_done_callback(lambda _: stream.wake())
        try:
            await _tell(ring, stream, reader, send)
        finally:
            reader.cancel()
            with suppress(asyncio.CancelledError):
                await reader


async def _tell(ring: Ring, stream: Stream, reader: "asyncio.Future[None]", send: Send) -> None:
    while not reader.done():
        events = ring.take(stream)
        if events:
            body = b"".join(event.as_sse() for event in events)
            try:
                async with asyncio.timeout(STALLED_S):  # suspends only when the reader is slow
                    await send({"type": "http.response.body", "body": body, "more_body": True})
            except TimeoutError:
                return  # unfinished: the server cuts the connection, and the reader resumes by its position
        elif stream.goodbye is not None:
            retry = f"retry: {int(stream.goodbye * 1000)}\n\n".encode()
            await send({"type": "http.response.body", "body": retry, "more_body": False})
            return
        elif stream.version >= ring.version:
            await stream.wait()


async def _left(receive: Receive) -> None:
    """Ends when the reader has gone; `send` alone would never tell."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _start(send: Send) -> None:
    request_id = base64.urlsafe_b64encode(os.urandom(12))
    headers = [*HEADERS, (b"x-request-id", request_id)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


def come_back_s() -> float:
    return random.uniform(1, 5)
