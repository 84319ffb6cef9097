"""What has been kept long enough: found, and dropped, in bounded pieces."""

from datetime import datetime

from naryad.db.pool import Connection
from naryad.domain.ids import AccountId, JobId


async def all_accounts(connection: Connection) -> list[AccountId]:
    """Every account of the installation."""
    return [AccountId(row["account_id"]) for row in await connection.fetch("select * from all_accounts()")]


async def closed_before(
    connection: Connection, account_id: AccountId, instant: datetime, limit: int
) -> list[JobId]:
    """Jobs that were finished or canceled before `instant` and are still on phones, the oldest first."""
    rows = await connection.fetch(
        """select id from job
           where account_id = $1 and closed_at is not null and closed_at < $2 order by closed_at limit $3""",
        account_id,
        instant,
        limit,
    )
    return [JobId(row["id"]) for row in rows]


async def drop_removals(connection: Connection, account_id: AccountId, instant: datetime, limit: int) -> int:
    """Forget the oldest removals of before `instant`, and raise their workers' floors: older cursors have
    expired. Reads ranges of two indexes, whatever the planner knows of `limit`: neither the removals that
    are kept nor the rest of the feed are looked at.
    """
    dropped = await connection.fetchval(
        """with gone as (
             delete from feed where ctid = any (array(
               select ctid from feed
               where account_id = $1 and not visible
                 and version <= (select version from change where account_id = $1 and recorded_at < $2
                                 order by recorded_at desc limit 1)
               order by version limit $3
               for update))
             returning worker_id, version
           ), floors as (
             select worker_id, max(version) as version from gone group by worker_id
           ), raised as (
             update account_user u set removal_floor = greatest(u.removal_floor, f.version)
             from floors f where u.account_id = $1 and u.id = f.worker_id
           )
           select count(*) from gone""",
        account_id,
        instant,
        limit,
    )
    assert isinstance(dropped, int)
    return dropped


async def drop_ended_sessions(connection: Connection, account_id: AccountId) -> int:
    return await _dropped(
        connection, "delete from session where account_id = $1 and expires_at < now()", account_id
    )


async def drop_pushes(connection: Connection, account_id: AccountId, instant: datetime) -> int:
    """Forget pushes of before `instant`, with their deliveries: also those that still waited for a channel
    which is no longer set up here. Their day is long over."""
    return await _dropped(
        connection,
        """delete from push_intent i
           where i.account_id = $1 and i.created_at < $2 and i.state <> 'pending'""",
        account_id,
        instant,
    )


async def drop_conflicts(connection: Connection, account_id: AccountId, instant: datetime) -> int:
    """Forget conflict cards that were closed before `instant`. An open one waits for somebody."""
    return await _dropped(
        connection, "delete from conflict where account_id = $1 and resolved_at < $2", account_id, instant
    )


async def drop_idempotency_keys(connection: Connection, account_id: AccountId, instant: datetime) -> int:
    return await _dropped(
        connection,
        "delete from idempotency_key where account_id = $1 and created_at < $2",
        account_id,
        instant,
    )


async def _dropped(connection: Connection, deletion: str, *values: object) -> int:
    """How many rows a deletion removed."""
    dropped = await connection.fetchval(
        f"with gone as ({deletion} returning 1) select count(*) from gone", *values
    )
    assert isinstance(dropped, int)
    return dropped
