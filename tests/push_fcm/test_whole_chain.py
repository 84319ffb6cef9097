"""From a dispatcher's change to an Android phone: API, database, pusher and FCM."""

import pytest
from pydantic import SecretStr

from naryad.settings import Settings
from naryad_pusher.pusher import running_pusher
from support.account import Office, tomorrow
from support.fcm_service import FakeFcm, always
from support.pushes import settled
from support.wait import until


@pytest.fixture
def all_settings(settings: Settings, database_url: str) -> Settings:
    return settings.model_copy(update={"database_url": SecretStr(database_url)})


async def test_a_job_of_today_reaches_the_phone_until_its_app_is_removed(
    office: Office, all_settings: Settings, service: FakeFcm
) -> None:
    async with running_pusher(all_settings):
        body = {"channel": "fcm", "token": "of-ivan"}
        assert (await office.ivan.http.put("/v1/devices/current/push", json=body)).status_code == 204

        await office.create_job(scheduled_at=tomorrow())
        job = await office.create_job()
        (delivery,) = await settled(office, job["id"], 1)
        assert (delivery["state"], delivery["channel"]) == ("sent", "fcm")
        [taken] = service.messages
        assert (taken["token"], taken["data"]["job_id"]) == ("of-ivan", job["id"])
        assert taken["notification"]["title"] == f"Новый наряд № {job['number']}"

        service.answers["of-ivan"] = always(404, "NOT_FOUND", "UNREGISTERED")
        await settled(office, (await office.create_job())["id"], 1)

        async def state() -> str:
            devices = (await office.desk.get("/v1/devices")).json()["devices"]
            of_ivan = next(one for one in devices if one["id"] == office.ivan.device_id)
            state: str = of_ivan["push"]["state"]
            return state

        await until(state, "off")
