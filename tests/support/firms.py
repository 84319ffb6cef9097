"""Many accounts at once, made without an API: people with sessions, and jobs."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from naryad.access import hash_token
from naryad.actions.jobs import create_job
from naryad.actions.ledger import Stores, open_ledger
from naryad.actions.people import create_account, create_user
from naryad.db import sessions
from naryad.db.doorbell import open_doorbell
from naryad.db.pool import open_database
from naryad.domain.change import Actor, ActorKind, ChangeKind
from naryad.domain.ids import AccountId, JobId, SessionId, UserId
from naryad.domain.job import JobState
from naryad.domain.people import Role, User
from naryad.uuid7 import uuid7
from support.account import PASSWORD

SYSTEM = Actor(ActorKind.SYSTEM, None, "Тест")


@dataclass(frozen=True)
class Firm:
    account_id: AccountId
    desk: str
    """The dispatcher's token."""
    workers: dict[UserId, str]
    """Workers and their tokens."""
    jobs: list[JobId]
    """Published, each assigned to one of the workers in turn."""


@asynccontextmanager
async def opened_stores(dsn: str) -> AsyncIterator[Stores]:
    async with open_database(dsn, name="test") as database, open_doorbell(dsn) as doorbell:
        yield Stores(database, doorbell)


async def found_firms(stores: Stores, count: int, *, jobs: int = 4) -> list[Firm]:
    return [await _found(stores, jobs) for _ in range(count)]


async def _found(stores: Stores, jobs: int) -> Firm:
    name = f"firm-{uuid4().hex[:8]}"
    account_id, admin_id = await create_account(stores, name, "Europe/Moscow", "ru", name, PASSWORD)
    workers: dict[UserId, str] = {}
    for n in range(2):
        worker = User(UserId(uuid7()), f"{name}-{n}", f"Рабочий {n}", Role.WORKER, None, None, active=True)
        await create_user(stores, account_id, worker, PASSWORD)
        workers[worker.id] = await _session(stores, account_id, worker.id)
    made = [await _job(stores, account_id, list(workers)[n % 2]) for n in range(jobs)]
    return Firm(account_id, await _session(stores, account_id, admin_id), workers, made)


async def _session(stores: Stores, account_id: AccountId, user_id: UserId) -> str:
    token, until = secrets.token_urlsafe(32), datetime.now(UTC) + timedelta(days=1)
    async with stores.database.account(account_id) as connection:
        await sessions.create(
            connection, account_id, SessionId(uuid7()), user_id, None, hash_token(token), "bearer", until
        )
    return token


async def _job(stores: Stores, account_id: AccountId, worker_id: UserId) -> JobId:
    job_id = JobId(UUID(str(uuid7())))
    fields = {
        "scheduled_at": datetime.now(UTC).isoformat(),
        "description": "Заменить счётчик",
        "assignees": [{"worker_id": str(worker_id), "can_edit": True}],
    }
    await create_job(stores, account_id, SYSTEM, job_id, fields, JobState.PUBLISHED)
    return job_id


async def change_much(stores: Stores, firm: Firm, times: int, *, size: int = 0) -> int:
    """So many changes of the firm's first job in one transaction; returns the last version."""
    async with open_ledger(stores, firm.account_id) as ledger:
        job = await ledger.job(firm.jobs[0])
        assert job is not None
        for n in range(times):
            client = {"name": f"{ledger.version} {n} ".ljust(size, "я")}
            job = ledger.write(job, {"client": client}, ChangeKind.EDITED, SYSTEM)
        return ledger.version
