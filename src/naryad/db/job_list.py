"""The desk's list of jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from naryad.db.jobs import COLUMNS, job_of
from naryad.db.pool import Connection
from naryad.domain.ids import AccountId, JobId, UserId
from naryad.domain.job import Job
from naryad.domain.states import JobState


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What to list; None means any. `after` is the id of the last job of the page before."""

    states: Sequence[JobState] | None = None
    worker: UserId | None = None
    scheduled_from: datetime | None = None
    scheduled_to: datetime | None = None  # exclusive
    text: str | None = None
    after: JobId | None = None


async def list_jobs(
    connection: Connection, account_id: AccountId, filter: JobFilter, limit: int
) -> list[Job]:
    """A page of jobs, the newest first."""
    where = ["account_id = $1"]
    values: list[object] = [account_id]

    def condition(sql: str, value: object) -> None:
        values.append(value)
        where.append(sql.format(f"${len(values)}"))

    if filter.states is not None:
        condition("state = any ({}::text[])", [str(state) for state in filter.states])
    if filter.worker is not None:
        condition(
            "exists (select from assignment a where a.account_id = job.account_id and a.job_id = job.id"
            " and a.worker_id = {})",
            filter.worker,
        )
    if filter.scheduled_from is not None:
        condition("scheduled_at >= {}", filter.scheduled_from)
    if filter.scheduled_to is not None:
        condition("scheduled_at < {}", filter.scheduled_to)
    if filter.text:
        condition("search like {}", f"%{_literal(filter.text.lower())}%")
    if filter.after is not None:
        condition("number < (select number from job where account_id = $1 and id = {})", filter.after)
    values.append(limit)
    rows = await connection.fetch(
        f"select {COLUMNS} from job where {' and '.join(where)} order by number desc limit ${len(values)}",
        *values,
    )
    return [job_of(row) for row in rows]


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
