"""One connection to APNs: aioapns's protocol, with its sending and receiving replaced.

As it comes, it never gives the provider new flow-control window, so that after some 2,400 refusals nothing
is heard any more; one cancelled sending breaks the others; a reset or a body in pieces is not understood;
a GOAWAY loses answers that are still due; an idle connection is closed after 10 s (tests/push_apns).
"""

import asyncio
from collections import deque
from collections.abc import Callable

from aioapns.connection import APNsTLSClientProtocol
from aioapns.exceptions import ConnectionClosed
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
)
from h2.exceptions import NoAvailableStreamIDError, ProtocolError

from naryad_pusher.channels.apns.exchange import Answer, Exchange
from naryad_pusher.channels.apns.heartbeat import BEAT_S, Heartbeat
from naryad_pusher.channels.apns.http2 import Http2
from naryad_pusher.channels.apns.payload import Headers

MAX_STREAMS = 1000  # of ours, if the provider allows more


class NotTaken(ConnectionClosed):
    """The provider surely did nothing with the message: it may go out again at once."""


class Connection(APNsTLSClientProtocol):
    """`on_leave` is called once, when no more messages are to be given to it."""

    def __init__(self, topic: str, on_leave: Callable[["Connection"], None], beat_s: float = BEAT_S) -> None:
        super().__init__(topic, asyncio.get_running_loop())
        self.conn = Http2()
        self.ended = asyncio.Event()
        self._on_leave = on_leave
        self._waiting: deque[Exchange] = deque()  # for a stream; the first perhaps for window
        self._open: dict[int, Exchange] = {}  # by stream
        self._limit = 0  # until SETTINGS comes: 1 from APNs, and more once it has believed a push
        self._leaving = False
        self._flush_is_due = False
        self._why_lost = "the connection to APNs was lost"
        self._heartbeat = Heartbeat(
            beat_s,
            is_waiting=lambda: bool(self._open or self._waiting),
            ask=self._ping,
            dead=lambda: self._abort("APNs no longer answers, not even a PING"),
        )

    @property
    def takes_messages(self) -> bool:
        return not self._leaving and self.transport is not None and not self.transport.is_closing()

    async def exchange(self, headers: Headers, body: bytes) -> Answer:
        """Send one message and wait for its answer; messages take turns when all streams are in use.

        Raises NotTaken, or ConnectionClosed when nobody knows what the provider did with it.
        The others do not notice when it is cancelled.
        """
        if not self.takes_messages:
            raise NotTaken("the connection to APNs is about to end")
        one = Exchange(headers, body, self.loop.create_future())
        self._waiting.append(one)
        self._pump()
        try:
            return await one.answer
        except asyncio.CancelledError:
            self._give_up(one)
            raise

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._heartbeat.start()

    def data_received(self, data: bytes) -> None:
        self._heartbeat.heard()
        try:
            events = self.conn.receive_data(data)
        except ProtocolError as error:
            self._abort(f"APNs broke the HTTP/2 protocol: {error!r}")
            return
        for event in events:
            self._on_event(event)
        self._pump()

    def connection_lost(self, exc: Exception | None) -> None:
        self._heartbeat.stop()
        self._leave()
        for one in self._open.values():
            one.fail(ConnectionClosed(f"{self._why_lost}{f': {exc}' if exc else ''}"))
        self._open.clear()
        self._waiting.clear()
        self.ended.set()

    def flush(self) -> None:
        self._flush_is_due = False
        data = self.conn.data_to_send()
        if data and self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def refresh_inactivity_timer(self) -> None:
        """There is none: Apple wants connections kept."""

    def abort(self) -> None:
        """End it now, whatever is under way."""
        if self.transport is not None:
            self.transport.abort()

    def _on_event(self, event: Event) -> None:
        match event:
            case ResponseReceived(stream_id=stream):
                if stream in self._open:
                    self._open[stream].heard = {str(name): str(value) for name, value in event.headers}
            case DataReceived(stream_id=stream):
                # without it the provider may send 65,535 bytes in all, and then never again
                self.conn.acknowledge_received_data(event.flow_controlled_length, stream)
                if stream in self._open:
                    self._open[stream].hear(event.data)
            case StreamEnded(stream_id=stream):
                if one := self._close_stream(stream):
                    one.complete()
            case StreamReset(stream_id=stream):
                if one := self._close_stream(stream):
                    one.fail(ConnectionClosed(f"APNs reset the message's stream, code {event.error_code}"))
            case RemoteSettingsChanged():
                self._limit = min(MAX_STREAMS, self.conn.remote_settings.max_concurrent_streams)
            case ConnectionTerminated():
                self._on_goaway(event.last_stream_id or 0)

    def _on_goaway(self, last: int) -> None:
        """The provider ends the connection. What it took, up to stream `last`, it still answers."""
        self._leave()
        for stream in [stream for stream in self._open if stream > last]:
            if one := self._close_stream(stream):
                one.fail(NotTaken("APNs ended the connection before it took the message"))

    def _pump(self) -> None:
        """Start what may be started, in order."""
        while self._waiting:
            one = self._waiting[0]
            if not self._start(one) or not self._write(one):
                break
            self._waiting.popleft()
        if not self._flush_is_due:  # what many sendings have to say goes out together
            self._flush_is_due = True
            self.loop.call_soon(self.flush)

    def _start(self, one: Exchange) -> bool:
        """Whether it has a stream."""
        if one.stream is not None:
            return True
        if self._leaving or len(self._open) >= self._limit:
            return False
        try:
            stream = self.conn.get_next_available_stream_id()
        except NoAvailableStreamIDError:  # after 2^30 messages
            self._leave()
            return False
        self.conn.send_headers(stream, one.headers)
        one.stream = stream
        self._open[stream] = one
        return True

    def _write(self, one: Exchange) -> bool:
        """Whether all of it could be sent: else the provider's window is full."""
        assert one.stream is not None
        while one.rest:
            room = min(self.conn.local_flow_control_window(one.stream), self.conn.max_outbound_frame_size)
            if room <= 0:
                return False
            self.conn.send_data(one.stream, one.rest[:room], end_stream=room >= len(one.rest))
            one.rest = one.rest[room:]
        return True

    def _give_up(self, one: Exchange) -> None:
        """Nobody waits for its answer any more: its turn, or its stream, is for others."""
        if one.stream is None:
            if one in self._waiting:
                self._waiting.remove(one)
        elif self._close_stream(one.stream):
            self.conn.reset_stream(one.stream, ErrorCodes.CANCEL)
            self._pump()

    def _close_stream(self, stream: int) -> Exchange | None:
        """What was sent there, None if that was given up before."""
        one = self._open.pop(stream, None)
        if one is not None and self._waiting and self._waiting[0] is one:
            self._waiting.popleft()  # it ends before all of it was sent
        self._end_when_done()
        return one

    def _leave(self) -> None:
        """No more messages: those not begun are given back, those begun may end."""
        if self._leaving:
            return
        self._leaving = True
        for one in self._waiting:
            if one.stream is None:
                one.fail(NotTaken("the connection to APNs ended before the message was sent"))
        self._waiting = deque(one for one in self._waiting if one.stream is not None)
        self._on_leave(self)
        self._end_when_done()

    def _end_when_done(self) -> None:
        if self._leaving and not self._open:
            self.loop.call_soon(self._end)

    def _end(self) -> None:
        self.flush()
        self.close()

    def _ping(self) -> None:
        self.conn.ping(b"naryad!!")
        self.flush()

    def _abort(self, why: str) -> None:
        self._why_lost = why
        self.flush()
        self.abort()
