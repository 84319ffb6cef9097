"""A client that asks as fast as it is answered, over kept connections: `python -m naryad_cli.bench.load`.

A process of its own, and as little Python as possible: it must not be what is measured. Requests come
as JSON on stdin, the count goes as JSON to stdout.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from time import perf_counter
from typing import cast

import uvloop

IDLE = b"HTTP/1.1 204"


@dataclass(frozen=True, slots=True)
class Load:
    host: str
    port: int
    requests: Sequence[str]
    """Whole HTTP requests without a body, used in turn."""
    connections: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Answered:
    requests: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


class Asker(asyncio.Protocol):
    """One connection: the next request goes when the answer to the last one is there."""

    def __init__(self, requests: Iterator[bytes]) -> None:
        self.answered = 0
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own kind
        self.transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._buffer.endswith(b"\r\n\r\n"):
            if not self._buffer.startswith(IDLE):
                self._fail(f"expected 204, got {self._buffer[:80]!r}")
                return
            self.answered += 1
            self._buffer = b""
            self.transport.write(next(self._requests))

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(f"the server closed the connection: {error}")

    def _fail(self, why: str) -> None:
        if not self.lost.done():
            self.lost.set_exception(RuntimeError(why))


async def ask(load: Load) -> Answered:
    """Raises RuntimeError when an answer is not a 204."""
    requests = cycle([one.encode() for one in load.requests])
    loop = asyncio.get_running_loop()
    begun = perf_counter()
    askers = [
        (await loop.create_connection(lambda: Asker(requests), load.host, load.port))[1]
        for _ in range(load.connections)
    ]
    await asyncio.wait(
        [one.lost for one in askers], timeout=load.seconds, return_when=asyncio.FIRST_COMPLETED
    )
    taken = perf_counter() - begun
    answered = sum(one.answered for one in askers)
    for one in askers:
        if one.lost.done():
            one.lost.result()
        one.lost.cancel()
        one.transport.abort()
    return Answered(answered, taken)


async def run_load(load: Load) -> Answered:
    """Ask from a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "naryad_cli.bench.load",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate(json.dumps(asdict(load)).encode())
    if process.returncode != 0:
        raise RuntimeError(f"the load ended with {process.returncode}")
    return Answered(**json.loads(out))


if __name__ == "__main__":
    print(json.dumps(asdict(uvloop.run(ask(Load(**json.load(sys.stdin)))))))
