"""Public clients, as they are: eventsource from npm, httpx-sse and websockets from PyPI. Each goes on after a
cut as its documentation says, and misses nothing. (Chromium's EventSource: tests/acceptance.)"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from httpx_sse import aconnect_sse
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from support.account import Office
from support.cuts import FOREIGN, come_through_cuts
from support.live import Live
from support.proxy import Wire, wire_to
from support.tasks import going_on
from support.told import Told

WEB = Path(__file__).parents[2] / "web"
sys.path.insert(0, str(WEB))
import npm  # noqa: E402


@pytest.fixture
async def wire(live: Live) -> AsyncIterator[Wire]:
    """Between the client and the gateway."""
    async with wire_to(live.url) as made:
        yield made


async def test_httpx_sse(office: Office, live: Live, wire: Wire) -> None:
    told, last = Told(), FOREIGN

    async def follow() -> None:
        nonlocal last
        async with httpx.AsyncClient(base_url=wire.url, headers=office.desk.headers, timeout=30) as http:
            while True:
                try:
                    resumed = {"last-event-id": last}
                    async with aconnect_sse(http, "GET", "/v1/events", headers=resumed) as source:
                        async for event in source.aiter_sse():
                            last = event.id
                            told.take(event.event, event.id, event.json())
                except httpx.TransportError:
                    await asyncio.sleep(0.1)

    async with going_on(follow()):
        await come_through_cuts(office, wire, told)


async def test_websockets(office: Office, live: Live, wire: Wire) -> None:
    told, last = Told(), FOREIGN
    url = f"{wire.url.replace('http', 'ws', 1)}/v1/ws"
    headers = {"authorization": office.desk.headers["authorization"]}

    async def follow() -> None:
        nonlocal last
        async for stream in connect(url, additional_headers=headers, proxy=None):
            try:
                await stream.send(json.dumps({"after": last}))
                async for message in stream:
                    event = json.loads(message)
                    last = event["id"] or last
                    told.take(event["event"], event["id"], event["data"])
            except ConnectionClosed:
                continue

    async with going_on(follow()):
        await come_through_cuts(office, wire, told)


async def test_eventsource(office: Office, live: Live, wire: Wire) -> None:
    npm.install()
    node = npm.system_node() or npm.wheel_node()
    assert node is not None
    script = Path(__file__).with_name("eventsource_client.mjs")
    url = f"{wire.url}/v1/events?after={FOREIGN}"
    process = await asyncio.create_subprocess_exec(
        node.node, script, WEB, url, live.token_of(office.desk), stdout=asyncio.subprocess.PIPE
    )
    told = Told()

    async def follow() -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            event = json.loads(line)
            told.take(event["event"], event["id"], event["data"])

    try:
        async with going_on(follow()):
            await come_through_cuts(office, wire, told)
    finally:
        process.kill()
        await process.wait()
