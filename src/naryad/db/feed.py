"""The feed: one row per worker and job the worker sees or saw (DESIGN 3).

A sync reads the rows of one worker above one version: proportional to what changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from naryad.db.pool import Connection
from naryad.domain.ids import AccountId, JobId, UserId


@dataclass(frozen=True, slots=True)
class Entry:
    """The news for one worker about one job. `since` is set when the job appeared by this news."""

    worker_id: UserId
    job_id: JobId
    version: int
    visible: bool
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A row of the feed as a sync reads it."""

    job_id: JobId
    version: int
    visible: bool
    visible_since: int


async def write(connection: Connection, account_id: AccountId, entries: Iterable[Entry]) -> None:
    await connection.executemany(
        """insert into feed (account_id, worker_id, job_id, version, visible, visible_since)
           values ($1, $2, $3, $4, $5, coalesce($6::bigint, $4::bigint))
           on conflict (account_id, worker_id, job_id) do update set
             version = excluded.version, visible = excluded.visible,
             visible_since = coalesce($6::bigint, feed.visible_since)""",
        [(account_id, one.worker_id, one.job_id, one.version, one.visible, one.since) for one in entries],
    )


async def after(
    connection: Connection, account_id: AccountId, worker_id: UserId, version: int, limit: int
) -> Sequence[Seen]:
    """The news of a worker above `version`, the oldest first."""
    rows = await connection.fetch(
        """select job_id, version, visible, visible_since from feed
           where account_id = $1 and worker_id = $2 and version > $3 order by version, job_id limit $4""",
        account_id,
        worker_id,
        version,
        limit,
    )
    return [Seen(JobId(row["job_id"]), row["version"], row["visible"], row["visible_since"]) for row in rows]


async def visible(connection: Connection, account_id: AccountId, worker_id: UserId) -> dict[JobId, int]:
    """The jobs that belong on the worker's phone, and since which version each does."""
    rows = await connection.fetch(
        """select job_id, visible_since from feed
           where account_id = $1 and worker_id = $2 and visible order by version""",
        account_id,
        worker_id,
    )
    return {JobId(row["job_id"]): row["visible_since"] for row in rows}


async def removal_floor(connection: Connection, account_id: AccountId, worker_id: UserId) -> int:
    """The greatest removal swept from this worker's feed: cursors below it have expired."""
    floor = await connection.fetchval(
        "select removal_floor from account_user where account_id = $1 and id = $2", account_id, worker_id
    )
    assert isinstance(floor, int)
    return floor
