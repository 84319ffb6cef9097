"""`GET /v1/events`: the stream as text/event-stream.

uvicorn reads the request and writes the head of the answer; then the connection is handed over, and
each event is written to it in one call, encoded once for all (docs/decisions/0013).
"""

import asyncio
import random
from time import monotonic

from starlette.types import Send

from naryad.db.sessions import SessionRow
from naryad.domain.cursor import Position
from naryad_gateway.answer import new_request_id
from naryad_gateway.connection import expect_answers, hand_over, transport_of
from naryad_gateway.frames import chunk, heartbeat
from naryad_gateway.hub import Hub
from naryad_gateway.ring import Ring
from naryad_gateway.stream import Stream

HELD = 16 * 1024  # bytes unsent before a stream waits: with a ring's PIECE, what a stalled reader costs
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"transfer-encoding", b"chunked"),
    (b"connection", b"close"),  # after a stream, this connection serves nothing else
]
LAST_CHUNK = b"0\r\n\r\n"


class EventStream(Stream, asyncio.Protocol):
    """The reader's connection, from the head of the answer on."""

    __slots__ = ("_hub", "_ring", "_transport")

    def __init__(self, hub: Hub, ring: Ring, session: SessionRow) -> None:
        super().__init__(session, ring.version)
        self._hub, self._ring = hub, ring
        self._transport: asyncio.Transport | None = None

    def begin(self, transport: asyncio.Transport, position: Position) -> None:
        """The head is written. The first frame repeats the position that the stream goes on from."""
        transport.set_write_buffer_limits(high=HELD)
        transport.write(heartbeat(position).chunk)
        self._transport = transport
        self.tell()

    def tell(self) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        while self.blocked_since is None:
            events = self._ring.take(self)
            if events:
                transport.write(events[0].chunk if len(events) == 1 else b"".join([e.chunk for e in events]))
            elif self.goodbye is not None:
                self._finish(transport, self.goodbye)
                return
            else:
                return

    def _finish(self, transport: asyncio.Transport, come_back_after_s: float) -> None:
        transport.write(_retry(come_back_after_s) + LAST_CHUNK)
        transport.close()  # when that is sent; who does not take it within a time is cut off
        self.blocked_since = monotonic()

    def cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def pause_writing(self) -> None:
        self.blocked_since = monotonic()

    def resume_writing(self) -> None:
        self.blocked_since = None
        self.tell()

    def connection_lost(self, exc: Exception | None) -> None:
        self._hub.leave(self._ring, self)


async def send_away(send: Send) -> None:
    """200, when to come back, and the end: EventSource gives up for good on an error status."""
    await _start(send)
    body = b"retry: %d\n\n" % int(random.uniform(1, 5) * 1000)
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def stream_events(hub: Hub, session: SessionRow, after: Position | None, send: Send) -> None:
    """Tell the reader everything from `after` on, or from now. Returns when the stream has begun.

    Raises Refusal: too-many-requests; and what `Unavailable` names.
    """
    ring = await hub.ring_for(session)
    stream = EventStream(hub, ring, session)
    position = after or ring.position
    async with hub.joining(ring, stream, after):
        transport = transport_of(send)
        await _start(send)
        expect_answers(transport)
        hand_over(transport, stream)
        if transport.is_closing():
            hub.leave(ring, stream)  # the reader left meanwhile
        else:
            stream.begin(transport, position)


async def _start(send: Send) -> None:
    headers = [*HEADERS, (b"x-request-id", new_request_id())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


def _retry(after_s: float) -> bytes:
    return chunk(b"retry: %d\n\n" % int(after_s * 1000))
