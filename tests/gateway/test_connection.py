"""The connection under a stream, handed over by uvicorn: what we lean on there, for both its parsers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import uvicorn
from pydantic import SecretStr

from naryad.settings import Settings
from naryad_gateway.app import Gateway, create_app
from naryad_gateway.hub import Hub
from support.account import Office


@dataclass
class Served:
    app: Gateway
    server: uvicorn.Server
    port: int


@pytest.fixture(params=["httptools", "h11"])
async def served(request: pytest.FixtureRequest, office: Office, database_url: str) -> AsyncIterator[Served]:
    app = create_app(Settings(database_url=SecretStr(database_url)))
    config = uvicorn.Config(app, port=0, http=request.param, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started or task.done())
    yield Served(app, server, server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    await task


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def asked(
    served: Served, office: Office, version: str = "1.1"
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A request for the dispatcher's events, and the line to it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    token = office.desk.headers["authorization"]
    writer.write(f"GET /v1/events HTTP/{version}\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def part(reader: asyncio.StreamReader) -> bytes:
    """The next chunk (RFC 9112 §7.1); empty is the last."""
    async with asyncio.timeout(20):
        size = int(await reader.readline(), 16)
        return (await reader.readexactly(size + 2))[:-2]


async def test_uvicorn_forgets_the_request_and_the_stream_lives(served: Served, office: Office) -> None:
    async with asked(served, office) as (reader, _):
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200")
        assert head.count(b"transfer-encoding: chunked") == head.count(b"connection: close") == 1
        assert b"event: hb" in await part(reader)
        await until(lambda: not served.server.server_state.tasks)
        assert not served.server.server_state.connections
        for _ in range(3):
            job = await office.create_job()
            assert f'"version":{job["version"]}'.encode() in await part(reader)


async def test_a_reader_that_leaves_is_noticed(served: Served, office: Office) -> None:
    async with asked(served, office) as (reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        await until(served.app.hub.streams)
        writer.write(b"GET /v1/events HTTP/1.1\r\n\r\n" * 1000)  # nobody listens to more requests
        await part(reader)
        assert len(served.app.hub.streams()) == 1
        writer.close()
        await until(lambda: not served.app.hub.streams())


async def test_a_reader_that_leaves_before_its_stream_begins_leaves_nothing(
    served: Served, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed, gone = asyncio.Event(), asyncio.Event()

    async def place(*_: object) -> None:
        placed.set()
        await gone.wait()

    monkeypatch.setattr(Hub, "_place", place)
    _, writer = await asyncio.open_connection("127.0.0.1", served.port)
    token = office.desk.headers["authorization"]
    request = f"GET /v1/events?after=0.0 HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n"
    writer.write(request.encode())
    await asyncio.wait_for(placed.wait(), 20)
    assert len(served.app.hub.streams()) == 1
    writer.transport.abort()
    await until(lambda: not served.server.server_state.connections)
    gone.set()
    await until(lambda: not served.app.hub.streams())
    await until(lambda: not served.server.server_state.tasks)


async def test_a_good_bye_ends_the_answer_in_order(served: Served, office: Office) -> None:
    async with asked(served, office) as (reader, _):
        await reader.readuntil(b"\r\n\r\n")
        await until(served.app.hub.streams)
        (stream,) = served.app.hub.streams()
        stream.end(come_back_after_s=2)
        assert b"event: hb" in await part(reader)
        assert await part(reader) == b"retry: 2000\n\n"
        assert await part(reader) == b""
        assert await asyncio.wait_for(reader.read(), 20) == b""
        await until(lambda: not served.app.hub.streams())


async def test_a_reader_of_http_1_0_is_served_too(served: Served, office: Office) -> None:
    """Proxies ask with it unless they are told otherwise."""
    async with asked(served, office, "1.0") as (reader, _):
        await reader.readuntil(b"\r\n\r\n")
        assert b"event: hb" in await part(reader)
        job = await office.create_job()
        assert f'"version":{job["version"]}'.encode() in await part(reader)
