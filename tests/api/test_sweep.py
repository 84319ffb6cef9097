"""The sweep: a closed job leaves the phones after some days; old removals expire the cursors below them."""

from datetime import UTC, datetime, timedelta

import asyncpg

from naryad.actions.sweep import sweep_all
from support.account import Office

NOW = datetime.now(UTC)


async def close(office: Office, job_id: str) -> None:
    answer = await office.desk.post(f"/v1/jobs/{job_id}/state", json={"to": "canceled"})
    assert answer.status_code == 200


async def test_a_closed_job_leaves_the_phone_after_the_days_of_the_policy(office: Office) -> None:
    job, other = await office.create_job(), await office.create_job()
    await close(office, job["id"])
    await office.ivan.sync()
    assert (await sweep_all(office.api.stores, NOW + timedelta(days=13))).jobs_retired == 0
    # an edit of a closed job does not keep it longer
    await office.desk.patch(f"/v1/jobs/{job['id']}", json={"description": "дополнено"})
    assert (await sweep_all(office.api.stores, NOW + timedelta(days=15))).jobs_retired == 1
    assert (await sweep_all(office.api.stores, NOW + timedelta(days=15))).jobs_retired == 0

    answer = await office.ivan.sync()
    assert answer["removed"] == [job["id"]]
    assert set(office.ivan.jobs) == {other["id"]}
    seen = await office.job(job["id"])
    assert seen["state"] == "canceled"
    assert "retired" not in seen
    last = (await office.history(job["id"]))[-1]
    assert (last["kind"], last["actor"]["kind"]) == ("retired", "system")


async def test_a_retired_job_comes_back_when_it_is_reopened(office: Office) -> None:
    job = await office.create_job()
    await close(office, job["id"])
    await sweep_all(office.api.stores, NOW + timedelta(days=15))
    await office.ivan.sync()
    assert office.ivan.jobs == {}
    reopened = await office.desk.post(f"/v1/jobs/{job['id']}/state", json={"to": "published"})
    assert reopened.status_code == 200
    await office.ivan.sync()
    assert office.ivan.jobs == {job["id"]: await office.job(job["id"])}
    assert (await sweep_all(office.api.stores, NOW + timedelta(days=15))).jobs_retired == 0


async def test_removals_are_kept_45_days_then_older_cursors_expire(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    before = office.ivan.cursor
    await office.desk.delete(f"/v1/jobs/{job['id']}")
    assert (await sweep_all(office.api.stores, NOW + timedelta(days=44))).removals == 0
    assert (await sweep_all(office.api.stores, NOW + timedelta(days=46))).removals == 1

    expired = await office.ivan.http.get("/v1/sync", params={"cursor": before or ""})
    assert (expired.status_code, expired.json()["type"]) == (410, "urn:naryad:problem:cursor-expired")
    have = {job_id: held["version"] for job_id, held in office.ivan.jobs.items()}
    office.ivan.cursor = None
    office.ivan.take((await office.ivan.post(have=have)).json())
    assert office.ivan.jobs == {}
    # who comes for the first time is not below any floor, and nobody else is touched
    await office.olga.sync()
    assert (
        await office.ivan.http.get("/v1/sync", params={"cursor": office.ivan.cursor or ""})
    ).status_code == 204


async def test_what_was_kept_long_enough_is_forgotten(office: Office, truth: asyncpg.Connection) -> None:
    await office.desk.post("/v1/jobs", json={"description": "x"}, headers={"idempotency-key": "k"})
    await truth.execute(
        "update session set expires_at = now() - interval '1 day' where device_id is not null"
    )
    swept = await sweep_all(office.api.stores, NOW + timedelta(days=8))
    assert (swept.idempotency_keys, swept.sessions) == (1, 2)
    assert await truth.fetchval("select count(*) from session") == 1
