"""The first push at once; what changes within three seconds after it becomes one more."""

from typing import Any

from asyncpg import Connection

from naryad.settings import Settings
from naryad_pusher.pusher import Pusher, running_pusher
from support.account import Office
from support.pushes import settled


async def edit(office: Office, job: dict[str, Any], **fields: Any) -> int:
    answer = await office.desk.patch(f"/v1/jobs/{job['id']}", json=fields)
    assert answer.status_code == 200, answer.text
    version: int = answer.json()["version"]
    return version


async def start(office: Office, job: dict[str, Any]) -> None:
    await office.ivan.sync()
    await office.ivan.sync(office.ivan.operation(job, "set_state", state="started"))


async def test_a_burst_of_changes_is_two_pushes(office: Office, pusher: Pusher, truth: Connection) -> None:
    job = await office.create_job()
    await start(office, job)
    await settled(office, job["id"], 1)

    for number in range(9):
        version = await edit(office, job, description=f"Этап {number}")

    first, one_more = await settled(office, job["id"], 2)
    assert [first["reason"], one_more["reason"]] == ["assigned", "changed"]
    told = await truth.fetchrow(
        "select max(version) as version, max(due_at) - min(due_at) as apart from push_intent"
    )
    assert told["version"] == version
    assert told["apart"].total_seconds() == 3


async def test_what_waits_for_the_pusher_is_one_push_with_the_strongest_reason(
    office: Office, pusher_settings: Settings, truth: Connection
) -> None:
    job = await office.create_job()
    await start(office, job)
    version = await edit(office, job, description="Позвонить заранее")

    async with running_pusher(pusher_settings):
        (push,) = await settled(office, job["id"], 1)

    assert push["reason"] == "assigned"
    assert await truth.fetchval("select version from push_intent") == version


async def test_jobs_and_workers_do_not_wait_for_each_other(
    office: Office, pusher_settings: Settings, truth: Connection
) -> None:
    both = [{"worker_id": office.ivan.worker_id}, {"worker_id": office.olga.worker_id}]
    for _ in range(2):
        await office.create_job(assignees=both)

    assert await truth.fetchval("select count(*) from push_intent where due_at = created_at") == 4


async def test_changes_of_one_sync_are_one_push(office: Office, truth: Connection) -> None:
    both = [{"worker_id": office.ivan.worker_id, "can_edit": True}, {"worker_id": office.olga.worker_id}]
    job = await office.create_job(assignees=both)
    await truth.execute("delete from push_intent")
    await office.ivan.sync()

    await office.ivan.sync(
        office.ivan.operation(job, "set_state", state="started"),
        office.ivan.operation(job, "set_report", fields={"meter": 1}),
    )

    rows = await truth.fetch("select worker_id, reason, version from push_intent")
    newest = (await office.job(job["id"]))["version"]
    assert [(str(one["worker_id"]), one["reason"], one["version"]) for one in rows] == [
        (office.olga.worker_id, "state", newest)
    ]
