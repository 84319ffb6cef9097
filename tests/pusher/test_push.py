"""From a dispatcher's change to a message on a phone."""

from datetime import UTC, datetime, timedelta

import pytest
from asyncpg import Connection

from naryad.db import accounts
from naryad_pusher.pusher import Pusher
from support.account import Office, phone_of, tomorrow
from support.pushes import ladder, settled


async def test_a_published_job_is_told_to_the_phone_of_its_worker(
    office: Office, pusher: Pusher, truth: Connection
) -> None:
    job = await office.create_job()

    (push,) = await settled(office, job["id"], 1)

    assert push["state"] == "sent", push
    assert (push["reason"], push["channel"]) == ("assigned", "recording")
    assert (push["worker_id"], push["device_id"]) == (office.ivan.worker_id, office.ivan.device_id)
    assert (push["worker_name"], push["device_name"]) == ("Иван", "Телефон")
    payload = await truth.fetchval("select payload::text from push_delivery")
    assert f'"job_id": "{job["id"]}"' in payload
    assert f'"title": "Новый наряд № {job["number"]}"' in payload


async def test_every_phone_of_a_worker_is_told(office: Office, pusher: Pusher) -> None:
    second = await phone_of(office.api, office.ivan.login, office.ivan.worker_id)
    await second.http.aclose()

    job = await office.create_job()

    pushes = await settled(office, job["id"], 2)
    assert {one["device_id"] for one in pushes} == {office.ivan.device_id, second.device_id}


async def test_a_worker_without_a_signed_in_phone_is_skipped(office: Office, pusher: Pusher) -> None:
    answer = await office.ivan.http.delete("/v1/sessions/current")
    assert answer.status_code == 204

    job = await office.create_job()

    (push,) = await settled(office, job["id"], 1)
    assert (push["state"], push["detail"]) == ("skipped", "no-phone")


async def test_nobody_is_told_of_tomorrow(office: Office, pusher: Pusher) -> None:
    """R14. The push of a job of today, made later, shows that the pusher had its chance."""
    later = await office.create_job(scheduled_at=tomorrow())
    await settled(office, (await office.create_job())["id"], 1)

    assert await ladder(office, later["id"]) == []


async def test_a_change_of_the_workers_own_is_not_pushed_back(office: Office, pusher: Pusher) -> None:
    job = await office.create_job(
        assignees=[
            {"worker_id": office.ivan.worker_id, "can_edit": True},
            {"worker_id": office.olga.worker_id},
        ]
    )
    await settled(office, job["id"], 2)

    await office.ivan.sync()
    await office.ivan.sync(office.ivan.operation(job, "set_state", state="started"))

    pushes = await settled(office, job["id"], 3)
    assert [(one["worker_name"], one["reason"]) for one in pushes[2:]] == [("Ольга", "state")]


async def test_a_change_that_is_refused_is_not_pushed(office: Office, pusher: Pusher) -> None:
    """The intent is written in the transaction of the change, and undone with it."""
    job = await office.create_job()
    await settled(office, job["id"], 1)

    answer = await office.desk.patch(
        f"/v1/jobs/{job['id']}",
        json={"scheduled_at": (datetime.now(UTC) + timedelta(minutes=5)).isoformat(), "external_id": "x"},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 412
    await settled(office, (await office.create_job())["id"], 1)

    assert len(await ladder(office, job["id"])) == 1


async def test_a_change_that_is_rolled_back_at_the_end_is_not_pushed(
    office: Office, pusher: Pusher, truth: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails after its intent was written, just before the commit."""
    written: list[int] = []

    async def fail(connection: Connection, *_: object) -> None:
        written.append(await connection.fetchval("select count(*) from push_intent"))
        raise RuntimeError("the transaction fails")

    with monkeypatch.context() as patch:
        patch.setattr(accounts, "set_head", fail)
        answer = await office.desk.post(
            "/v1/jobs",
            json={
                "scheduled_at": datetime.now(UTC).isoformat(),
                "assignees": [{"worker_id": office.ivan.worker_id}],
                "state": "published",
            },
        )
    assert answer.status_code == 500
    assert written == [1]

    job = await office.create_job()
    await settled(office, job["id"], 1)
    assert await truth.fetchval("select count(*) from push_delivery") == 1
    assert await truth.fetchval("select count(*) from push_intent") == 1
