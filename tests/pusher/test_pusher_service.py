"""The pusher as a service of its own: it pushes, and says how it is."""

import httpx
from asyncpg import Connection

from naryad.settings import Settings
from naryad_pusher.app import create_app
from support.account import Office
from support.pushes import settled
from support.server import serving


async def test_it_pushes_while_it_is_served_and_tells_its_health(
    office: Office, pusher_settings: Settings
) -> None:
    async with serving(create_app(pusher_settings)) as url, httpx.AsyncClient(base_url=url) as http:
        await settled(office, (await office.create_job())["id"], 1)

        assert (await http.get("/healthz")).status_code == 200
        assert (await http.get("/readyz")).status_code == 200
        metrics = (await http.get("/metrics")).text
        assert 'naryad_push_deliveries_total{channel="recording",state="sent"}' in metrics


async def test_it_is_not_ready_on_another_schema(
    office: Office, pusher_settings: Settings, truth: Connection
) -> None:
    async with serving(create_app(pusher_settings)) as url, httpx.AsyncClient(base_url=url) as http:
        await truth.execute("update alembic_version set version_num = '0000'")
        answer = await http.get("/readyz")
        assert answer.status_code == 503
        assert "naryad migrate" in answer.text
