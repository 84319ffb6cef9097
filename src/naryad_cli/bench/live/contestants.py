"""The servers that are compared, each a process of its own: the gateway, and what else streams events."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from naryad_cli.bench.live.crowd import stream_request
from naryad_cli.bench.live.desk import Desk, Line, evenly
from naryad_cli.bench.serving import process_of

STREAMS_ALLOWED = "20000"
WAITING_PUBLISHERS = 4


@dataclass(frozen=True, slots=True)
class Contestant:
    name: str
    port: int
    pid: int
    request: Callable[[int, int], str]
    """The head of a request for a company's stream, by the numbers of company and browser."""
    write_at: Callable[[float, float, int], Awaitable[int]]
    """Changes a second, seconds, company: an event each for all streams of that company; how many."""


@asynccontextmanager
async def gateway(database_url: str, desk: Desk) -> AsyncIterator[Contestant]:
    """Told of changes as ever: by the database, where an API process wrote them."""
    async with process_of("naryad_gateway", database_url, gateway_environment()) as served:
        yield Contestant("gateway", served.port, served.pid, stream_request, desk.write_at)


def gateway_environment() -> dict[str, str]:
    """All streams of this benchmark are allowed, and the end is quick."""
    return {
        "NARYAD_GATEWAY_PER_ACCOUNT": STREAMS_ALLOWED,
        "NARYAD_GATEWAY_PER_USER": STREAMS_ALLOWED,
        "NARYAD_DRAIN_SECONDS": "0",
    }


@asynccontextmanager
async def sse_starlette(sample: str) -> AsyncIterator[Contestant]:
    """Given the same bytes as a gateway's stream carried (`sample`, one event) to pass on."""
    event = dict(line.split(": ", 1) for line in sample.strip().splitlines())
    async with process_of("naryad_cli.bench.live.rival", "", {}) as served:
        lines = [Line(served.port) for _ in range(WAITING_PUBLISHERS)]

        async def write_at(per_s: float, seconds: float, company: int) -> int:
            def publish(line: Line) -> Awaitable[object]:
                return line.ask("POST", f"/publish?channel={company}", "", event)

            return await evenly(per_s, seconds, lines, publish)

        def request(company: int, browser: int) -> str:
            return f"GET /v1/events?channel={company} HTTP/1.1\r\nHost: bench\r\n"

        try:
            yield Contestant("sse-starlette", served.port, served.pid, request, write_at)
        finally:
            for line in lines:
                line.close()
