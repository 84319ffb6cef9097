"""`GET /v1/ws`: the same stream over a WebSocket, each event a JSON message `{id, event, data}`."""

import asyncio
import json
from contextlib import suppress
from time import monotonic

from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from naryad.db.pool import Unavailable
from naryad.db.sessions import SessionRow
from naryad.domain.cursor import Position
from naryad.domain.refusals import Refusal, Slug
from naryad_gateway.access import parse_position
from naryad_gateway.connection import expect_answers, transport_of
from naryad_gateway.frames import Event, heartbeat
from naryad_gateway.hub import Hub
from naryad_gateway.ring import Ring
from naryad_gateway.stream import Stream

FIRST_MESSAGE_S = 10
GOING_AWAY, POLICY, TRY_LATER = 1001, 1008, 1013  # RFC 6455 §7.4.1 and its registry


class MessageStream(Stream):
    """Told by the request's own task: the frames of a WebSocket are the server's to write."""

    __slots__ = ("_awaited", "transport")

    def __init__(self, session: SessionRow, version: int, transport: asyncio.Transport) -> None:
        super().__init__(session, version)
        self.transport = transport
        self._awaited: asyncio.Future[None] | None = None

    def tell(self) -> None:
        """Wake the task."""
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(None)

    async def wait(self) -> None:
        """Until there may be something to tell. Look once more right before: only a waiter is woken."""
        self._awaited = asyncio.get_running_loop().create_future()
        try:
            await self._awaited
        finally:
            self._awaited = None

    def cut(self) -> None:
        self.transport.abort()


class Gone(Exception):
    """The client left."""


async def refuse_handshake(scope: Scope, receive: Receive, send: Send, answer: JSONResponse) -> None:
    """An HTTP answer instead of the upgrade; 403 without a body where the server can do no more."""
    await receive()  # websocket.connect
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": POLICY})
        return
    await send(
        {"type": "websocket.http.response.start", "status": answer.status_code, "headers": answer.raw_headers}
    )
    await send({"type": "websocket.http.response.body", "body": bytes(answer.body)})


async def stream_messages(hub: Hub, session: SessionRow, receive: Receive, send: Send) -> None:
    """After the client's first message, `{"after": position | null}`, tell everything from there on."""
    await receive()  # websocket.connect
    await send({"type": "websocket.accept"})
    try:
        after = await _first_message(receive)
        if hub.draining:
            await _close(send, TRY_LATER, "draining: come back")
            return
        ring = await hub.ring_for(session)
        stream = MessageStream(session, ring.version, transport_of(send))
        greeting = heartbeat(after or ring.position)
        async with hub.joining(ring, stream, after):
            expect_answers(stream.transport)
            await _tell(ring, stream, greeting, receive, send)
            hub.leave(ring, stream)
    except Refusal as refusal:
        await _close(send, TRY_LATER if refusal.status == 429 else POLICY, refusal.detail)
    except Unavailable:
        await _close(send, TRY_LATER, "the database does not answer: come back")
    except Gone:
        return


async def _tell(ring: Ring, stream: MessageStream, greeting: Event, receive: Receive, send: Send) -> None:
    reader = asyncio.ensure_future(_left(receive))
    reader.add_done_callback(lambda _: stream.tell())
    try:
        await send({"type": "websocket.send", "text": greeting.message})
        while not reader.done():
            events = ring.take(stream)
            stream.blocked_since = monotonic()
            for event in events:
                await send({"type": "websocket.send", "text": event.message})
            stream.blocked_since = None
            if not events and stream.goodbye is not None:
                await _close(send, GOING_AWAY, "come back")
                return
            if not events:
                await stream.wait()
    except OSError:  # uvicorn's word for a client that left while it was written to
        return
    finally:
        reader.cancel()
        with suppress(asyncio.CancelledError):
            await reader


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def _first_message(receive: Receive) -> Position | None:
    """Raises Refusal: invalid-cursor; Gone."""
    message: Message = {}
    with suppress(TimeoutError):
        async with asyncio.timeout(FIRST_MESSAGE_S):
            message = await receive()
    if message.get("type") == "websocket.disconnect":
        raise Gone
    try:
        said = json.loads(message.get("text") or message.get("bytes") or "")
    except ValueError:
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("after"), str | None):
        raise Refusal(
            Slug.INVALID_CURSOR, 'The first message says {"after": "<position>"} or {"after": null}.'
        )
    return parse_position(said.get("after"))


async def _close(send: Send, code: int, reason: str) -> None:
    await send({"type": "websocket.close", "code": code, "reason": reason[:120]})
