"""A knock wakes the pusher at once; without knocks, or after a cut, it looks by itself."""

import pytest
from asyncpg import Connection
from pydantic import SecretStr

from naryad.db.embedded import Server
from naryad.db.embedded.cluster import SUPERUSER
from naryad.settings import Settings
from naryad_pusher import wake
from naryad_pusher.pusher import running_pusher
from support.account import Office
from support.pushes import settled


async def test_a_knock_is_enough(
    office: Office, pusher_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wake, "POLL_S", 3600.0)
    async with running_pusher(pusher_settings):
        (push,) = await settled(office, (await office.create_job())["id"], 1)
    assert push["state"] == "sent"


async def test_a_lost_knock_only_delays(office: Office, pusher_settings: Settings, postgres: Server) -> None:
    """The pusher listens at another database, where nobody ever knocks."""
    assert wake.POLL_S <= 5
    elsewhere = SecretStr(postgres.dsn(SUPERUSER, "postgres"))
    settings = pusher_settings.model_copy(update={"listen_database_url": elsewhere})
    async with running_pusher(settings):
        (push,) = await settled(office, (await office.create_job())["id"], 1)
    assert push["state"] == "sent"


async def test_it_goes_on_after_its_connections_were_cut(
    office: Office, pusher_settings: Settings, truth: Connection
) -> None:
    async with running_pusher(pusher_settings) as pusher:
        await settled(office, (await office.create_job())["id"], 1)
        cut = await truth.fetchval(
            """select count(pg_terminate_backend(pid)) from pg_stat_activity
               where datname = current_database() and application_name like 'naryad-pusher%'"""
        )
        assert cut >= 2  # the listener's, and at least one of the pool

        (push,) = await settled(office, (await office.create_job())["id"], 1)
        assert push["state"] == "sent"
        assert pusher.lives
