"""`GET /v1/events`: the stream as text/event-stream, written as raw ASGI."""

import asyncio
import random
from contextlib import suppress
from time import monotonic

from starlette.types import Receive, Send

from naryad.db.sessions import SessionRow
from naryad.domain.cursor import Position
from naryad_gateway.answer import new_request_id
from naryad_gateway.connection import cutter, expect_answers
from naryad_gateway.hub import Hub
from naryad_gateway.ring import Ring
from naryad_gateway.stream import Stream

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


async def send_away(send: Send) -> None:
    """200, when to come back, and the end: EventSource gives up for good on an error status."""
    await _start(send, (b"connection", b"close"))
    await _finish(send, random.uniform(1, 5))


async def stream_events(
    hub: Hub, session: SessionRow, after: Position | None, receive: Receive, send: Send
) -> None:
    """Tell the reader everything from `after` on, until either side ends it."""
    async with hub.join(session, after, cutter(send)) as (ring, stream):
        expect_answers(send)
        await _start(send)
        await _write(send, stream.greeting.sse)
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
            piece = events[0].sse if len(events) == 1 else b"".join([event.sse for event in events])
            stream.busy_since = monotonic()
            await _write(send, piece)  # suspends only while the reader does not keep up
            stream.busy_since = None
        elif stream.goodbye is not None:
            await _finish(send, stream.goodbye)
            return
        else:
            await stream.wait()


async def _left(receive: Receive) -> None:
    """Ends when the reader has gone: `send` would go on in silence (ASGI 2.3)."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _start(send: Send, *more: tuple[bytes, bytes]) -> None:
    headers = [*HEADERS, (b"x-request-id", new_request_id()), *more]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _write(send: Send, piece: bytes) -> None:
    await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _finish(send: Send, come_back_after_s: float) -> None:
    body = f"retry: {int(come_back_after_s * 1000)}\n\n".encode()
    await send({"type": "http.response.body", "body": body, "more_body": False})
