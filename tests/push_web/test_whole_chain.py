"""From a dispatcher's change to the browser's eyes: API, database, pusher and a push service."""

from uuid import UUID

import pytest

from naryad.settings import Settings
from naryad_pusher.pusher import running_pusher
from support.account import found_office, tomorrow
from support.misbehaving import plain
from support.push_service import FakePushService, decode
from support.pushes import settled
from support.server import running_api
from support.wait import until


async def test_a_job_of_today_is_shown_by_the_browser_and_one_of_tomorrow_is_not(
    settings: Settings, service: FakePushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("SUBJECT", settings.webpush_subject),
        ("HOSTS", settings.webpush_hosts),
    ):
        monkeypatch.setenv(f"NARYAD_WEBPUSH_{name}", str(value))
    async with (
        running_api(settings.database_dsn) as api,
        found_office(api, "Ромашка") as office,
        running_pusher(settings),
    ):
        key = (await office.ivan.http.get("/v1/push/webpush-key")).json()["key"]
        address = service.subscribe()
        keys = {"p256dh": address.p256dh, "auth": address.auth}
        body = {"channel": "webpush", "subscription": {"endpoint": address.endpoint, "keys": keys}}
        assert (await office.ivan.http.put("/v1/devices/current/push", json=body)).status_code == 204

        await office.create_job(scheduled_at=tomorrow())
        job = await office.create_job()
        (delivery,) = await settled(office, job["id"], 1)
        assert (delivery["state"], delivery["channel"]) == ("sent", "webpush")
        [push] = service.pushes
        assert push.key == decode(key)
        assert push.message["job_id"] == job["id"]
        assert push.message["title"] == f"Новый наряд № {job['number']}"
        UUID(push.message["notification_id"])

        service.answers["s3cret-of-ivan"] = plain(410, b"")
        await settled(office, (await office.create_job())["id"], 1)

        async def state() -> str:
            devices = (await office.desk.get("/v1/devices")).json()["devices"]
            of_ivan = next(one for one in devices if one["id"] == office.ivan.device_id)
            state: str = of_ivan["push"]["state"]
            return state

        await until(state, "off")
