"""What must be true of an account, asked of PostgreSQL directly.

Written from the contract, not from the code: nothing here reads the feed, a cursor or the product's own
functions, so that it can disagree with them. `truth` is a pool that sees everything (`seeing_all`).
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from naryad.db.pool import prepare

EPOCH_JUMP = 10**9
"""After a restore from backup numbers go on above all that a lost future may have given."""

HELD = """
select j.id, j.version, j.number, j.created_at, j.updated_at, j.fields - 'retired' as fields
from job j
join assignment a on a.account_id = j.account_id and a.job_id = j.id
where j.account_id = $1 and a.worker_id = $2 and j.state not in ('posted', 'scheduled')
  and j.fields -> 'retired' is null
"""

REPEATED_WRONG = """
select j.number from job j
where j.account_id = $1 and (
  j.state is distinct from j.fields ->> 'state'
  or (select coalesce(jsonb_object_agg(a.worker_id, a.can_edit), '{}') from assignment a
      where a.account_id = j.account_id and a.job_id = j.id)
  <> (select coalesce(jsonb_object_agg(one ->> 'worker_id', one -> 'can_edit'), '{}')
      from jsonb_array_elements(coalesce(j.fields -> 'assignees', '[]')) one))
"""

NOT_THE_SUM = """
with step as (
  select c.job_id, c.version, f.key as name, f.value -> 'old' as old, f.value -> 'new' as new,
         lag(f.value -> 'new', 1, 'null') over (partition by c.job_id, f.key order by c.version) as before
  from change c, jsonb_each(c.fields) f
  where c.account_id = $1 and c.job_id is not null
), life as (
  select job_id, max(version) as version, max(version) filter (where kind = 'created') as since,
         (array_agg(kind order by version desc))[1] = 'deleted' as deleted
  from change where account_id = $1 and job_id is not null group by job_id
), latest as (
  select distinct on (job_id, name) job_id, name, new from step order by job_id, name, version desc
), rebuilt as (
  select job_id, coalesce(jsonb_object_agg(name, new) filter (where new <> 'null'), '{}') as fields
  from latest group by job_id
), stamped as (
  select job_id, jsonb_object_agg(name, version) as versions from (
    select s.job_id, s.name, max(s.version) as version from step s join life l using (job_id)
    where s.version >= l.since and s.old <> s.new group by s.job_id, s.name) newest
  group by job_id
)
select coalesce(l.job_id, j.id) as job_id,
       l.deleted is distinct from (j.id is null) as existence,
       coalesce(j.fields, '{}') is distinct from r.fields as fields,
       j.version is distinct from case when not l.deleted then l.version end as version,
       j.field_versions is distinct from case when not l.deleted then s.versions end as field_versions,
       exists (select from step where job_id = l.job_id and old <> before) as chain
from life l
join rebuilt r using (job_id)
left join stamped s using (job_id)
full join (select * from job where account_id = $1) j on j.id = l.job_id
"""


@asynccontextmanager
async def seeing_all(superuser_url: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections from which nothing is hidden, for these questions."""
    async with asyncpg.create_pool(superuser_url, min_size=1, max_size=4, init=prepare) as pool:
        yield pool


async def held_by(truth: asyncpg.Pool, account_id: UUID, worker_id: str) -> dict[str, Any]:
    """What a phone of this worker must hold: job → every field by its merge name, and `version`."""
    return {
        str(row["id"]): row["fields"]
        | {
            "version": row["version"],
            "number": row["number"],
            "created_at": _to_seconds(row["created_at"]),
            "updated_at": _to_seconds(row["updated_at"]),
        }
        for row in await truth.fetch(HELD, account_id, UUID(worker_id))
    }


async def shared_by_all(truth: asyncpg.Pool, account_id: UUID) -> dict[str, Any]:
    """What every phone of the account must hold beside its jobs: template → version, and `policy`."""
    rows = await truth.fetch("select id, version from template where account_id = $1", account_id)
    policy = await truth.fetchval("select policy from account where id = $1", account_id)
    return {**{str(row["id"]): row["version"] for row in rows}, "policy": policy["version"]}


async def broken_history(truth: asyncpg.Pool, account_id: UUID) -> list[str]:
    """Where the history is not one gapless series, or a job is not the sum of its changes; in words."""
    found: list[str] = []
    head = await truth.fetchval("select version from account_head where account_id = $1", account_id)
    rows = await truth.fetch(
        """select version, version - lag(version, 1, 0::bigint) over (order by version) as step, kind
           from change where account_id = $1 order by version""",
        account_id,
    )
    found += [
        f"the history has a gap of {row['step']} before {row['version']}"
        for row in rows
        if row["step"] != (EPOCH_JUMP if row["kind"] == "epoch" else 1)
    ]
    if head != (rows[-1]["version"] if rows else 0):
        found.append(f"the head is {head}, not that of the latest change")
    for row in await truth.fetch(NOT_THE_SUM, account_id):
        wrong = [name for name in ("existence", "fields", "version", "field_versions", "chain") if row[name]]
        if wrong:
            found.append(f"job {row['job_id']} is not the sum of its changes: {', '.join(wrong)}")
    for row in await truth.fetch(REPEATED_WRONG, account_id):
        found.append(f"job {row['number']}: the columns do not repeat its fields")
    return found


async def receipts(truth: asyncpg.Pool, account_id: UUID) -> dict[str, Mapping[str, Any]]:
    """Every operation that the server acknowledged, by id, as first answered."""
    rows = await truth.fetch(
        """select device_id, seq, id, job_id, body, result from operation
           where account_id = $1 and not body ? 'repeats' order by device_id, seq""",
        account_id,
    )
    return {str(row["id"]): dict(row) for row in rows}


def _to_seconds(instant: datetime) -> datetime:
    """As the wire carries it."""
    return instant.replace(microsecond=0)
