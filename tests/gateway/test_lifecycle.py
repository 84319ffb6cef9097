"""A stream from its first heartbeat to its end, by whichever side."""

import asyncio
from collections.abc import Callable

import asyncpg
import httpx
import pytest

from naryad_gateway import wheel
from naryad_gateway.drain import drain
from naryad_gateway.stream import HEARTBEAT_S
from support.account import Office
from support.live import Live
from support.sse import listening


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def test_in_one_turn_of_the_wheel_every_stream_is_told_where_it_is(
    office: Office, live: Live, desk: httpx.AsyncClient
) -> None:
    async with (
        live.reader_of(office.ivan.http) as http,
        listening(desk) as first,
        listening(http) as phone,
    ):
        await first.until(lambda one: one.heard)
        await phone.until(lambda one: one.heard)
        job = await office.create_job(assignees=[{"worker_id": office.olga.worker_id}])
        await first.until(lambda one: one.changes)
        for slot in range(HEARTBEAT_S):
            wheel.turn(live.app.hub, slot)
        await first.until(lambda one: len(one.named("hb")) == 2)
        await phone.until(lambda one: len(one.named("hb")) == 2)
        assert first.last_id == phone.last_id == first.changes[0].id  # of others' jobs the position moves too
        assert first.heard[-1].version == job["version"]
        assert first.heard[-1].data == {}


async def test_heartbeats_come_by_themselves(
    live: Live, desk: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("naryad_gateway.wheel.TICK_S", 0.01)
    async with listening(desk) as reader:
        await reader.until(lambda one: len(one.named("hb")) >= 3)


async def test_a_reader_that_leaves_is_forgotten(
    live: Live, desk: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        assert len(live.app.hub.streams()) == 1
    await until(lambda: not live.app.hub.streams())
    monkeypatch.setattr("naryad_gateway.wheel.LINGER_S", 0)
    await until(lambda: not live.app.hub.rings)


async def test_a_revoked_session_loses_its_stream(
    office: Office, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live.reader_of(office.olga.http) as http, listening(http) as reader:
        await reader.until(lambda one: one.heard)
        assert (await office.olga.http.delete("/v1/sessions/current")).status_code == 204
        await reader.until(lambda one: one.ended, seconds=10)
        assert reader.retry is not None
        assert (await http.get("/v1/events")).status_code == 401


async def test_a_user_switched_off_loses_the_stream(
    office: Office, live: Live, truth: asyncpg.Connection
) -> None:
    async with live.reader_of(office.olga.http) as http, listening(http) as reader:
        await reader.until(lambda one: one.heard)
        await truth.execute("update account_user set active = false where id = $1", office.olga.worker_id)
        await reader.until(lambda one: one.ended, seconds=10)


async def test_streams_move_on_after_some_hours(live: Live, desk: httpx.AsyncClient) -> None:
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        (stream,) = live.app.hub.streams()
        stream.ends_at = 0
        await reader.until(lambda one: one.ended)
        assert reader.retry is not None


async def test_draining_sends_readers_away(live: Live, desk: httpx.AsyncClient) -> None:
    async with listening(desk) as first, listening(desk) as second:
        await first.until(lambda one: one.heard)
        await second.until(lambda one: one.heard)
        await drain(live.app.hub, 0.2)
        await first.until(lambda one: one.ended)
        await second.until(lambda one: one.ended)
        assert first.retry != second.retry  # not all at once
    newcomer = await desk.get("/v1/events")
    assert (newcomer.status_code, newcomer.text.startswith("retry: ")) == (200, True)
    assert (await desk.get("/readyz")).status_code == 503
    assert (await desk.get("/healthz")).status_code == 200


async def test_without_a_database_a_newcomer_is_told_to_come_back(
    office: Office, live: Live, desk: httpx.AsyncClient
) -> None:
    """EventSource gives up for good on an error status."""
    live.app.database.pool.terminate()
    newcomer = await desk.get("/v1/events")
    assert (newcomer.status_code, newcomer.text.startswith("retry: ")) == (200, True)
    assert (await desk.get("/readyz")).status_code == 503


async def test_it_says_how_busy_it_is(live: Live, desk: httpx.AsyncClient) -> None:
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        said = (await desk.get("/metrics")).text
        assert 'naryad_gateway_streams{audience="desk"} 1.0' in said
        assert "naryad_gateway_listener_silent_seconds" in said
