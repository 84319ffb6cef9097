"""`GET /v1/ws`: the same stream over a WebSocket, each event a JSON message `{id, event, data}`."""

import asyncio
import json
from contextlib import suppress

from starlette.types import Message, Receive, Scope, Send

from naryad.db.sessions import SessionRow
from naryad.domain.cursor import Position
from naryad.domain.refusals import Refusal
from naryad_gateway.access import parse_position
from naryad_gateway.hub import STALLED_S, Hub
from naryad_gateway.ring import Ring
from naryad_gateway.stream import Stream

FIRST_MESSAGE_S = 10
GOING_AWAY, BAD_DATA, TRY_LATER = 1001, 1007, 1013


async def stream_messages(hub: Hub, session: SessionRow, scope: Scope, receive: Receive, send: Send) -> None:
    """After the client's first message, `{"after": position | null}`, tell everything from there on."""
    await receive()  # websocket.connect
    await send({"type": "websocket.accept"})
    try:
        async with asyncio.timeout(FIRST_MESSAGE_S):
            after = _after(await receive())
        if hub.draining:
            await send({"type": "websocket.close", "code": TRY_LATER, "reason": "draining: come back"})
            return
        async with hub.join(session, after) as (ring, stream):
            await _serve(ring, stream, receive, send)
    except TimeoutError:
        await send({"type": "websocket.close", "code": BAD_DATA, "reason": 'say {"after": position or null}'})
    except Refusal as refusal:
        await send({"type": "websocket.close", "code": BAD_DATA, "reason": refusal.detail[:120]})
    except Gone:
        return


class Gone(Exception):
    """The client left."""


async def _serve(ring: Ring, stream: Stream, receive: Receive, send: Send) -> None:
    reader = asyncio.ensure_future(_left(receive))
    reader.add_done_callback(lambda _: stream.wake())
    try:
        await send({"type": "websocket.send", "text": stream.greeting.as_message()})
        while not reader.done():
            events = ring.take(stream)
            for event in events:
                async with asyncio.timeout(STALLED_S):
                    await send({"type": "websocket.send", "text": event.as_message()})
            if not events and stream.goodbye is not None:
                await send({"type": "websocket.close", "code": GOING_AWAY, "reason": "come back"})
                return
            if not events and stream.version >= ring.version:
                await stream.wait()
    finally:
        reader.cancel()
        with suppress(asyncio.CancelledError):
            await reader


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass


def _after(message: Message) -> Position | None:
    if message["type"] == "websocket.disconnect":
        raise Gone
    try:
        said = json.loads(message.get("text") or message.get("bytes") or "null")
    except ValueError:
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("after"), str | None):
        return parse_position("?")
    return parse_position(said.get("after"))
