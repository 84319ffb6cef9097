"""A push service that takes everything at once: `python -m naryad_cli.bench.pushes.provider CERTIFICATE KEY`.

It looks at no header and keeps no HPACK state, so that it is never what is measured; its ceiling is
measured beside (apple.py). Its port goes as JSON to stdout; each line on stdin asks for what has come.
"""

import asyncio
import json
import re
import ssl
import sys
from array import array
from pathlib import Path
from time import time
from typing import cast

import uvloop

from naryad_cli.bench.pushes.frames import (
    ACK,
    END_HEADERS,
    END_STREAM,
    MAX_CONCURRENT_STREAMS,
    PREFACE,
    STATUS_200,
    Frames,
    Kind,
    frame,
)

VERSION = re.compile(rb'"version":(\d+)')
STREAMS = 1_000
WINDOW = 32 * 1024


class Taken:
    """Versions of the jobs that messages were about, and when each came (seconds since 1970)."""

    def __init__(self) -> None:
        self.versions = array("q")
        self.times = array("d")

    def hand_over(self, path: Path) -> int:
        count = len(self.versions)
        with path.open("wb") as file:
            self.versions.tofile(file)
            self.times.tofile(file)
        self.versions, self.times = array("q"), array("d")
        return count


class Provider(asyncio.Protocol):
    """One connection."""

    def __init__(self, taken: Taken) -> None:
        self._taken = taken
        self._frames = Frames()
        self._preface = b""
        self._unacknowledged = 0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        limit = MAX_CONCURRENT_STREAMS.to_bytes(2, "big") + STREAMS.to_bytes(4, "big")
        self._transport.write(frame(Kind.SETTINGS, 0, 0, limit))

    def data_received(self, data: bytes) -> None:
        if len(self._preface) < len(PREFACE):
            self._preface += data
            data, self._preface = self._preface[len(PREFACE) :], self._preface[: len(PREFACE)]
        answer: list[bytes] = []
        for kind, flags, stream, payload in self._frames.of(data):
            if kind == Kind.DATA:
                self._unacknowledged += len(payload)
                for version in VERSION.findall(payload):
                    self._taken.versions.append(int(version))
                    self._taken.times.append(time())
            if kind in (Kind.DATA, Kind.HEADERS):
                if flags & END_STREAM:
                    answer.append(frame(Kind.HEADERS, END_STREAM | END_HEADERS, stream, STATUS_200))
            elif kind == Kind.SETTINGS and not flags & ACK:
                answer.append(frame(Kind.SETTINGS, ACK, 0, b""))
            elif kind == Kind.PING and not flags & ACK:
                answer.append(frame(Kind.PING, ACK, 0, payload))
        if self._unacknowledged >= WINDOW:
            answer.append(frame(Kind.WINDOW_UPDATE, 0, 0, self._unacknowledged.to_bytes(4, "big")))
            self._unacknowledged = 0
        if answer:
            self._transport.write(b"".join(answer))


async def main(certificate: str, key: str) -> None:
    loop = asyncio.get_running_loop()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    tls.set_alpn_protocols(["h2"])
    taken = Taken()
    server = await loop.create_server(lambda: Provider(taken), "127.0.0.1", 0, ssl=tls)
    asked = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(asked), sys.stdin)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    while path := (await asked.readline()).decode().strip():
        print(json.dumps({"arrivals": taken.hand_over(Path(path))}), flush=True)


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
