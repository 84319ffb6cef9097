"""A reader that does not keep up is told of the gap, or cut off; it costs the others nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr

from naryad.settings import Settings
from naryad_gateway.app import create_app
from naryad_gateway.sse import EventStream
from support.account import Office
from support.changes import change_often
from support.live import Live
from support.server import serving
from support.slow_reader import slow_reader
from support.sse import listening

MORE_THAN_BUFFERS_HOLD = 150  # changes of 4 kB


@pytest.fixture
async def live(office: Office, database_url: str) -> AsyncIterator[Live]:
    """A gateway whose sockets buffer as little as they can."""
    app = create_app(Settings(database_url=SecretStr(database_url)))
    async with serving(app, send_buffer=4096) as url:
        yield Live(url, app)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


def announced() -> float:
    """Gaps, as an operator counts them."""
    return REGISTRY.get_sample_value("naryad_gateway_resyncs_total", {"reason": "overflow"}) or 0


async def test_a_gap_is_announced_before_it_and_the_stream_goes_on(
    office: Office, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("naryad_gateway.ring.MOST", 20)
    monkeypatch.setattr("naryad_gateway.ring.SLACK", 0)
    job = await office.create_job()
    async with slow_reader(live.url, live.token_of(office.desk)) as reader:
        await reader.read_until(lambda one: one.versions("hb"))
        last, gaps = job["version"], announced()
        for _ in range(10):
            last = await change_often(office, job["id"], MORE_THAN_BUFFERS_HOLD // 10, size=2000)
            ring = live.app.hub.rings[office.account_id]
            await until(lambda last=last, ring=ring: ring.version == last)
        await reader.read_until(lambda one: one.data("resync"))
        before = reader.versions("change")
        assert before == list(range(job["version"] + 1, before[-1] + 1))
        assert before[-1] < last
        assert reader.versions("resync") == [last]
        assert reader.data("resync") == [{"position": str(ring.position), "reason": "overflow"}]
        assert announced() == gaps + 1
        after = await change_often(office, job["id"], 1)
        await reader.read_until(lambda one: len(one.versions("change")) > len(before))
        assert reader.versions("change")[-1] == after == last + 1


async def test_a_reader_that_never_reads_is_cut_off(
    office: Office, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("naryad_gateway.wheel.STALLED_S", 0.3)
    job = await office.create_job()
    async with (
        slow_reader(live.url, live.token_of(office.desk)) as stalled,
        live.reader_of(office.desk) as http,
        listening(http) as other,
    ):
        await until(lambda: len(live.app.hub.streams()) == 2)
        streams = live.app.hub.streams()
        last = await change_often(office, job["id"], MORE_THAN_BUFFERS_HOLD, size=2000)
        await until(lambda: len(live.app.hub.streams()) == 1)
        await other.until(lambda one: last in [told.version for told in one.changes])
        await stalled.read_until(lambda _: False)
        handed_over = min(stream.version for stream in streams)
        assert stalled.versions("change")[-1] < handed_over < last  # unsent bytes are not kept for it


async def test_a_vanished_phone_is_given_up_by_the_kernel(office: Office, live: Live) -> None:
    """Nothing is ever heard again from a phone in a tunnel, no FIN and no RST."""
    async with slow_reader(live.url, live.token_of(office.desk)):
        await until(live.app.hub.streams)
        (stream,) = live.app.hub.streams()
        assert isinstance(stream, EventStream)
        transport = stream._transport
        assert transport is not None
        connection = transport.get_extra_info("socket")
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
