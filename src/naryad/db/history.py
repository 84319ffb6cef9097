"""The account's history: appended, never changed."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from naryad.db.pool import Connection, Row
from naryad.domain.change import Actor, ActorKind, Change, ChangeKind
from naryad.domain.ids import AccountId, DeviceId, JobId, UserId

COLUMNS = """version, kind, job_id, fields, actor, device_id, late, happened_at, recorded_at,
             summary, seen_by, gone_for"""


async def append(connection: Connection, account_id: AccountId, changes: Sequence[Change]) -> None:
    await connection.executemany(
        f"""insert into change (account_id, {COLUMNS})
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)""",
        [
            (account_id, one.version, one.kind, one.job_id, one.fields,
             one.actor.as_json(), one.actor.device_id, one.late, one.happened_at,
             one.recorded_at, one.summary, list(one.seen_by), list(one.gone_for))
            for one in changes
        ],
    )  # fmt: skip


async def of_job(
    connection: Connection, account_id: AccountId, job_id: JobId, after: int, limit: int
) -> list[Change]:
    """The history of one job, the oldest first; also of a deleted one."""
    rows = await connection.fetch(
        f"""select {COLUMNS} from change
            where account_id = $1 and job_id = $2 and version > $3 order by version limit $4""",
        account_id,
        job_id,
        after,
        limit,
    )
    return [change_of(row) for row in rows]


async def knows_job(connection: Connection, account_id: AccountId, job_id: JobId) -> bool:
    """Whether the account has, or ever had, this job."""
    known = await connection.fetchval(
        "select exists (select from change where account_id = $1 and job_id = $2)", account_id, job_id
    )
    return known is True


async def number_of(connection: Connection, account_id: AccountId, job_id: JobId) -> int | None:
    """The number of a job that the account has or had; None when it never had one of this id."""
    number: int | None = await connection.fetchval(
        """select (summary->>'number')::bigint from change
           where account_id = $1 and job_id = $2 and summary is not null order by version desc limit 1""",
        account_id,
        job_id,
    )
    return number


async def was_seen_by(
    connection: Connection, account_id: AccountId, job_id: JobId, worker_id: UserId
) -> bool:
    """Whether the job ever was on this worker's phone, however long ago."""
    seen = await connection.fetchval(
        """select exists (select from change where account_id = $1 and job_id = $2
                          and $3 = any (seen_by || gone_for))""",
        account_id,
        job_id,
        worker_id,
    )
    return seen is True


async def actors_of(
    connection: Connection, account_id: AccountId, versions: Collection[int]
) -> dict[int, Actor]:
    """Who made the changes of these versions."""
    rows = await connection.fetch(
        "select version, actor, device_id from change where account_id = $1 and version = any ($2::bigint[])",
        account_id,
        list(versions),
    )
    return {row["version"]: _actor(row["actor"], row["device_id"]) for row in rows}


def change_of(row: Row) -> Change:
    return Change(
        version=row["version"],
        kind=ChangeKind(row["kind"]),
        job_id=JobId(row["job_id"]) if row["job_id"] else None,
        fields=row["fields"],
        actor=_actor(row["actor"], row["device_id"]),
        late=row["late"],
        happened_at=row["happened_at"],
        recorded_at=row["recorded_at"],
        summary=row["summary"],
        seen_by=frozenset(UserId(one) for one in row["seen_by"]),
        gone_for=frozenset(UserId(one) for one in row["gone_for"]),
    )


def _actor(stored: dict[str, Any], device_id: UUID | None) -> Actor:
    return Actor(
        kind=ActorKind(stored["kind"]),
        id=UserId(UUID(stored["id"])) if stored["id"] else None,
        name=stored["name"],
        device_id=DeviceId(device_id) if device_id else None,
    )
