"""Every account is one serial history: gapless, in commit order; who follows the cursor or the stream
misses nothing and is told nothing twice.

The same scene without the lock, as a negative control, must show the loss.
"""

import asyncio
import random
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from naryad.db import accounts, history, jobs
from naryad.domain.change import replay
from naryad.domain.ids import JobId
from naryad.wire import job_json
from support.account import Office, Phone
from support.live import Live
from support.sse import listening

WRITERS = 8
WRITES = 12


async def test_no_change_is_lost_or_doubled_among_concurrent_writers(
    office: Office, live: Live, truth: asyncpg.Connection
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    begin = await truth.fetchval("select version from account_head")
    async with live.reader_of(office.desk) as http, listening(http) as stream:
        await stream.until(lambda one: one.heard)
        failures = await crowd(office, random.Random(seed))
        assert not failures
        head = await truth.fetchval("select version from account_head")
        await stream.until(lambda one: one.changes and one.changes[-1].version >= head)
    assert [one.version for one in stream.changes] == list(range(begin + 1, head + 1))
    assert await anomalies(office, truth) == []


async def test_without_the_lock_the_same_crowd_breaks_the_history(
    office: Office, truth: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "lock", accounts.get)
    failures = await crowd(office, random.Random(1))
    assert failures or await anomalies(office, truth)


async def crowd(office: Office, chance: random.Random) -> list[str]:
    """Eight hands write to the same few jobs while two phones follow; returns the writes that failed."""
    jobs = [await office.create_job(description=f"Наряд {n}") for n in range(5)]
    workers = [[{"worker_id": office.ivan.worker_id}], [{"worker_id": office.olga.worker_id}], []]
    writing = True
    failures: list[str] = []

    async def write(hand: random.Random) -> None:
        for n in range(WRITES):
            path = f"/v1/jobs/{hand.choice(jobs)['id']}"
            body = {"description": str(n)} if hand.random() < 0.6 else {"assignees": hand.choice(workers)}
            answer = await office.desk.patch(path, json=body)
            if answer.status_code != 200:
                failures.append(answer.text)

    async def follow(phone: Phone) -> None:
        while writing:
            await phone.sync()

    followers = [asyncio.create_task(follow(phone)) for phone in (office.ivan, office.olga)]
    await asyncio.gather(*(write(random.Random(chance.random())) for _ in range(WRITERS)))
    writing = False
    await asyncio.gather(*followers, return_exceptions=bool(failures))
    return failures


async def anomalies(office: Office, truth: asyncpg.Connection) -> list[str]:
    """Where history, jobs and phones disagree."""
    found: list[str] = []
    versions = [row["version"] for row in await truth.fetch("select version from change order by version")]
    head = await truth.fetchval("select version from account_head where account_id = $1", office.account_id)
    if versions != list(range(1, head + 1)):
        found.append(f"versions have gaps or doubles: {len(versions)} for head {head}")
    asked = WRITERS * WRITES
    listed = (await office.desk.get("/v1/jobs", params={"limit": 500})).json()["jobs"]
    found += [
        f"job {job['number']} is not the sum of its changes"
        for job in listed
        if await rebuilt(office, job) != job
    ]
    if len(versions) > asked + 6:
        found.append("more changes than writes")
    for phone in (office.ivan, office.olga):
        await phone.sync()
        mine = {
            job["id"]: job
            for job in listed
            if phone.worker_id in [one["worker_id"] for one in job.get("assignees", [])]
        }
        if phone.jobs != mine:
            found.append(f"{phone.login} diverged: {len(phone.jobs)} jobs instead of {len(mine)}")
    return found


async def rebuilt(office: Office, job: dict[str, Any]) -> dict[str, Any]:
    """The job as its history tells it."""
    account_id, job_id = office.account_id, JobId(UUID(job["id"]))
    async with office.api.stores.database.account(account_id) as connection:
        held = (await jobs.get(connection, account_id, [job_id]))[job_id]
        changes = await history.of_job(connection, account_id, job_id, 0, 10_000)
    fields: dict[str, Any] = {}
    for change in changes:
        fields = replay(fields, change)
    return job_json(replace(held, fields=fields, version=changes[-1].version))
