"""Jobs: read by id, written after the account's lock."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import cast

from naryad.db.pool import Connection, Row
from naryad.domain.ids import AccountId, JobId
from naryad.domain.job import Job
from naryad.domain.json import Json
from naryad.domain.states import CLOSED

COLUMNS = "id, number, version, created_at, updated_at, fields, field_versions"


async def get(connection: Connection, account_id: AccountId, ids: Collection[JobId]) -> dict[JobId, Job]:
    """Those of the ids that exist in the account."""
    rows = await connection.fetch(
        f"select {COLUMNS} from job where account_id = $1 and id = any ($2::uuid[])", account_id, list(ids)
    )
    return {JobId(row["id"]): job_of(row) for row in rows}


async def id_of_external(connection: Connection, account_id: AccountId, external_id: str) -> JobId | None:
    """The job that an integrator calls `external_id`."""
    found = await connection.fetchval(
        "select id from job where account_id = $1 and external_id = $2", account_id, external_id
    )
    return JobId(found) if found else None


async def write(connection: Connection, account_id: AccountId, jobs: Sequence[Job]) -> None:
    """Insert or replace jobs and their assignments."""
    await connection.executemany(
        f"""insert into job (account_id, {COLUMNS}, state, scheduled_at, external_id, template_id,
                             search, closed_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            on conflict (account_id, id) do update set
              version = excluded.version, updated_at = excluded.updated_at, fields = excluded.fields,
              field_versions = excluded.field_versions, state = excluded.state,
              scheduled_at = excluded.scheduled_at, external_id = excluded.external_id,
              template_id = excluded.template_id, search = excluded.search,
              closed_at = case when excluded.closed_at is not null
                          then coalesce(job.closed_at, excluded.closed_at) end""",
        [
            (account_id, job.id, job.number, job.version, job.created_at, job.updated_at, job.fields,
             dict(job.field_versions), job.state, job.scheduled_at, job.fields.get("external_id"),
             job.template_id, search_text(job), _closed_at(job))
            for job in jobs
        ],
    )  # fmt: skip


async def write_assignments(connection: Connection, account_id: AccountId, jobs: Sequence[Job]) -> None:
    """Make the assignment rows of these jobs what their `assignees` say."""
    await connection.execute(
        "delete from assignment where account_id = $1 and job_id = any ($2::uuid[])",
        account_id,
        [job.id for job in jobs],
    )
    await connection.executemany(
        "insert into assignment (account_id, job_id, worker_id, can_edit) values ($1, $2, $3, $4)",
        [(account_id, job.id, one.worker_id, one.can_edit) for job in jobs for one in job.assignees],
    )


async def delete(connection: Connection, account_id: AccountId, ids: Collection[JobId]) -> None:
    """Delete jobs; their history stays."""
    await connection.execute(
        "delete from job where account_id = $1 and id = any ($2::uuid[])", account_id, list(ids)
    )


def job_of(row: Row) -> Job:
    return Job(
        id=JobId(row["id"]),
        number=row["number"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        fields=row["fields"],
        field_versions=row["field_versions"],
    )


def search_text(job: Job) -> str:
    """What the desk finds a job by: number, client, address, contacts, description."""
    words: list[Json] = [str(job.number), job.fields.get("external_id"), job.fields.get("description")]
    for name, member in (("client", "name"), ("address", "formatted")):
        value = job.fields.get(name)
        if isinstance(value, Mapping):
            words.append(value.get(member))
    for contact in cast("Sequence[Mapping[str, Json]]", job.fields.get("contacts") or []):
        words += [contact.get("name"), contact.get("value")]
    return " ".join(word for word in words if isinstance(word, str)).lower()


def _closed_at(job: Job) -> datetime | None:
    return job.updated_at if job.state in CLOSED and not job.retired else None
