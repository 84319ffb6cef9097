"""What reaches a gateway when its LISTEN connection, its doorbell or its database falls away.

Each test has its negative control: without the one thing that helps, the change is not told.
"""

import asyncpg
import httpx
import pytest

from naryad.db.listen import Listener, News
from naryad_gateway.hub import Hub
from support.account import Office
from support.live import Live
from support.sse import Reader, listening

NOT_TOLD_S = 2.0


def without_the_poll(hub: Hub) -> None:
    hub.poll = False
    hub.on_news(None)  # the wait that has begun would still time out once


async def told(reader: Reader, version: int, *, expected: bool) -> None:
    if expected:
        await reader.until(lambda one: version in [change.version for change in one.changes])
        return
    with pytest.raises(TimeoutError):
        await reader.until(lambda one: version in [change.version for change in one.changes], NOT_TOLD_S)


@pytest.mark.parametrize("catch_up", [True, False])
async def test_after_a_reconnect_the_listener_has_everything_looked_at(
    office: Office,
    live: Live,
    desk: httpx.AsyncClient,
    truth: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    catch_up: bool,
) -> None:
    monkeypatch.setattr("naryad.db.listen.RETRY_S", (0.5, 0.5))
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        without_the_poll(live.app.hub)
        listener: Listener = live.app.listener
        heard = listener._on_news

        def only_names(news: News) -> None:
            if news is not None:
                heard(news)

        if not catch_up:
            monkeypatch.setattr(listener, "_on_news", only_names)
        await kill_listeners(truth)
        job = await office.create_job()  # rung while nobody listens
        await told(reader, job["version"], expected=catch_up)
        monkeypatch.undo()


@pytest.mark.parametrize("poll", [True, False])
async def test_a_lost_doorbell_only_delays(
    office: Office, live: Live, desk: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, poll: bool
) -> None:
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        monkeypatch.setattr("naryad.db.doorbell.Doorbell.ring", lambda *_: None)
        if not poll:
            without_the_poll(live.app.hub)
        job = await office.create_job()
        await told(reader, job["version"], expected=poll)


async def test_the_doorbell_needs_no_poll(office: Office, live: Live, desk: httpx.AsyncClient) -> None:
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        without_the_poll(live.app.hub)
        for _ in range(3):
            job = await office.create_job()
            await told(reader, job["version"], expected=True)


async def test_all_connections_lost_at_once_are_made_again(
    office: Office, desk: httpx.AsyncClient, truth: asyncpg.Connection
) -> None:
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        first = await office.create_job()
        await truth.fetchval(
            """select count(pg_terminate_backend(pid)) from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid()"""
        )
        second = await created_in_the_end(office)
        await told(reader, second, expected=True)
        versions = [change.version for change in reader.changes]
        assert versions == list(range(first["version"], second + 1))


async def kill_listeners(truth: asyncpg.Connection) -> None:
    killed = await truth.fetchval(
        """select count(pg_terminate_backend(pid)) from pg_stat_activity
           where application_name = 'naryad-gateway-listen' and datname = current_database()"""
    )
    assert killed == 1


async def created_in_the_end(office: Office) -> int:
    """A job, asked for until the API has new connections too; 503 is its word for "try again"."""
    while True:
        answer = await office.desk.post("/v1/jobs", json={"description": "Снова"})
        if answer.status_code == 201:
            version: int = answer.json()["version"]
            return version
        assert answer.status_code == 503
