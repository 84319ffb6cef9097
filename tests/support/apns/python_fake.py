"""APNs on Python's h2: TLS, HTTP/2, verified signatures. Told by JSON lines what to do; see fake.py.

python -m support.apns.python_fake '{"certificate": …, "key": …, "public_key": …, …}'
"""

import asyncio
import contextlib
import json
import ssl
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    DataReceived,
    PingAckReceived,
    PingReceived,
    RequestReceived,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)
from h2.exceptions import ProtocolError, StreamClosedError
from h2.settings import SettingCodes, Settings
from hyperframe.frame import GoAwayFrame

from support.apns.judge import Judge


@dataclass
class Fake:
    judge: Judge
    answers: dict[str, dict[str, Any]] = field(
        default_factory=dict
    )  # by the token's part before the first "-"
    hold: bool = False  # answers wait for "release"
    goaway: dict[str, Any] | None = None  # {"after": messages of a connection, "kind": …}
    first_streams: int = 1
    streams: int = 1000
    window: int | None = None  # of a stream, for what clients send
    connections: int = 0
    live: list["Served"] = field(default_factory=list)
    held: list[Any] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    last: dict[str, Any] = field(default_factory=dict)

    def report(self) -> dict[str, Any]:
        return {
            "connections": self.connections,
            "live": len(self.live),
            "taken": self.ids.total(),
            "messages": len(self.ids),
            "doubles": sum(count - 1 for count in self.ids.values()),
            "held": len(self.held),
            "provider_tokens": len(self.judge.tokens),
            "window": min((one.h2.outbound_flow_control_window for one in self.live), default=None),
            "last": self.last,
            **{
                name: self.counts[name]
                for name in ("most_at_once", "cancelled", "pings", "broken", "refused_tokens")
            },
        }

    def do(self, command: dict[str, Any]) -> None:
        for name, value in command.get("set", {}).items():
            if name == "expired":
                self.judge.expired = value
            else:
                setattr(self, name, value)
        match command.get("do"):
            case "release":
                held, self.held = self.held, []
                for served, stream, spec in held:
                    served.answer(stream, spec)
            case "goaway":
                for one in list(self.live):
                    one.say_goodbye(command["kind"])
            case "drop":
                for one in list(self.live):
                    one.transport.abort()
            case "streams":
                for one in self.live:
                    one.allow(command["streams"])
            case "forget":
                self.ids.clear()
                self.counts.clear()


class Served(asyncio.Protocol):
    """One connection."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.transport: asyncio.Transport
        self.h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        settings = {SettingCodes.MAX_CONCURRENT_STREAMS: fake.first_streams}
        if fake.window is not None:
            settings[SettingCodes.INITIAL_WINDOW_SIZE] = fake.window
        self.h2.local_settings = Settings(client=False, initial_values=settings)
        self.requests: dict[int, tuple[dict[str, str], bytearray]] = {}
        self.names: dict[int, str] = {}  # apns-id by stream
        self.open: set[int] = set()  # taken, not answered in full
        self.bodies: list[tuple[int, bytes, bool]] = []  # that wait for window
        self.last_stream = 0
        self.messages = 0
        self.trusted = False
        self.ending_after: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.fake.connections += 1
        self.fake.live.append(self)
        self.h2.initiate_connection()
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self.fake.live.remove(self)
        self.fake.held = [held for held in self.fake.held if held[0] is not self]

    def flush(self) -> None:
        if data := self.h2.data_to_send():
            self.transport.write(data)

    def data_received(self, data: bytes) -> None:
        try:
            events = self.h2.receive_data(data)
        except ProtocolError:
            self.fake.counts["broken"] += 1
            self.transport.abort()
            return
        for event in events:
            self.on_event(event)
        self.flush()

    def on_event(self, event: Any) -> None:
        match event:
            case RequestReceived(stream_id=stream):
                if self.ending_after is None or stream <= self.ending_after:
                    self.last_stream = stream
                    self.requests[stream] = (dict(event.headers), bytearray())
                    at_once = len(self.requests) + len(self.open)
                    self.fake.counts["most_at_once"] = max(self.fake.counts["most_at_once"], at_once)
            case DataReceived(stream_id=stream):
                self.h2.acknowledge_received_data(event.flow_controlled_length, stream)
                if stream in self.requests:
                    self.requests[stream][1].extend(event.data)
            case StreamEnded(stream_id=stream):
                if stream in self.requests:
                    self.on_request(stream, *self.requests.pop(stream))
            case StreamReset(stream_id=stream):
                self.fake.counts["cancelled"] += 1
                self.requests.pop(stream, None)
                self.open.discard(stream)
            case PingReceived():
                self.fake.counts["pings"] += 1
            case PingAckReceived() if self.ending_after is None:
                self.end_after_last()
            case WindowUpdated():
                self.pump()

    def on_request(self, stream: int, headers: dict[str, str], body: bytearray) -> None:
        fake = self.fake
        self.open.add(stream)
        self.names[stream] = headers.get("apns-id", "")
        refusal = fake.judge.credentials(headers)
        if refusal is not None:
            fake.counts["refused_tokens"] += 1
            return self.answer(stream, {"status": refusal[0], "reason": refusal[1]})
        if not self.trusted:
            self.trusted = True
            self.allow(fake.streams)
        fake.ids[headers.get("apns-id", "")] += 1
        fake.last = {"headers": headers, "body": body.decode()}
        self.messages += 1
        refusal = fake.judge.message(headers, bytes(body))
        kind = headers[":path"].rpartition("/")[2].partition("-")[0]
        spec = fake.answers.get(kind, {"status": 200})
        if refusal is not None:
            spec = {"status": refusal[0], "reason": refusal[1]}
        goaway = fake.goaway
        if fake.hold:
            fake.held.append((self, stream, spec))
        elif goaway is None or goaway["kind"] != "abrupt" or self.messages != goaway["after"]:
            self.answer(stream, spec)
        if goaway is not None and self.messages == goaway["after"]:
            self.say_goodbye(goaway["kind"])
        return None

    def answer(self, stream: int, spec: dict[str, Any]) -> None:
        if stream not in self.open or self.transport.is_closing():
            return
        match spec.get("instead"):
            case "silence":
                return
            case "drop":
                self.transport.abort()
                return
            case "reset":
                self.h2.reset_stream(stream, ErrorCodes.INTERNAL_ERROR)
                self.open.discard(stream)
                self.flush()
                return
        body = spec["body"].encode() if "body" in spec else body_of(spec)
        headers = [(":status", str(spec["status"])), ("apns-id", self.names.pop(stream, ""))]
        if "retry_after" in spec:
            headers.append(("retry-after", spec["retry_after"]))
        self.h2.send_headers(stream, headers, end_stream=not body)
        if not body:
            self.open.discard(stream)
        elif spec.get("split"):
            self.bodies += [(stream, bytes([byte]), False) for byte in body[:-1]]
            self.bodies.append((stream, body[-1:], True))
        else:
            pieces = [body[at : at + 4096] for at in range(0, len(body), 4096)]
            self.bodies += [(stream, piece, False) for piece in pieces[:-1]]
            self.bodies.append((stream, pieces[-1], True))
        self.pump()
        self.flush()

    def pump(self) -> None:
        """What the client's window lets through."""
        while self.bodies:
            stream, data, ends = self.bodies[0]
            try:
                if self.h2.local_flow_control_window(stream) < len(data):
                    return
                self.h2.send_data(stream, data, end_stream=ends)
            except StreamClosedError:
                ends = True
            self.bodies.pop(0)
            if ends:
                self.open.discard(stream)

    def allow(self, streams: int) -> None:
        self.h2.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: streams})
        self.flush()

    def say_goodbye(self, kind: str) -> None:
        """graceful: in one step; notice: in two, RFC 9113 §6.8; abrupt: what was taken is not answered.

        The client closes a connection that ends politely, when it has its answers: were it closed here, what
        the client is just sending would make TCP throw them away.
        """
        if kind == "notice":
            self.write_goaway(2**31 - 1)
            self.h2.ping(b"goodbye!")
            self.flush()
            return
        self.end_after_last()
        if kind == "abrupt":
            self.transport.close()

    def end_after_last(self) -> None:
        self.ending_after = self.last_stream
        self.write_goaway(self.last_stream)

    def write_goaway(self, last_stream: int) -> None:
        """Past h2, which would refuse to send the answers that are still due."""
        frame = GoAwayFrame(0)
        frame.last_stream_id = last_stream
        self.flush()
        self.transport.write(frame.serialize())


def body_of(spec: dict[str, Any]) -> bytes:
    said = {name: spec[name] for name in ("reason", "timestamp") if name in spec}
    return json.dumps(said).encode() if said else b""


async def main() -> None:
    told = json.loads(sys.argv[1])
    with open(told.pop("public_key"), encoding="ascii") as file:
        public_key = file.read()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(told.pop("certificate"), told.pop("key"))
    tls.set_alpn_protocols(["h2"])
    judge = Judge(public_key, told.pop("key_id"), told.pop("team_id"), told.pop("topic"))
    fake = Fake(judge, **told)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Served(fake), "127.0.0.1", 0, ssl=tls)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    commands = asyncio.StreamReader(limit=2**20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        fake.do(json.loads(line))
        print(json.dumps(fake.report()), flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
