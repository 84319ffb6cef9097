"""Fills an empty database with one account of a chosen size, in a few statements for all rows together.

What is left is what actions would have left: each job with its assignment, its creation in the history,
its row of the feed. The history is 60 days old; of five jobs one is finished and still on the phone, one
was taken off it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from naryad.access import hash_token
from naryad.db.pool import prepare
from naryad.domain.cursor import Cursor, worker_mark
from naryad.domain.ids import AccountId, UserId
from naryad.domain.json import JsonObject
from naryad.domain.policy import DEFAULT_POLICY

ACCOUNT = AccountId(UUID("0192f3a0-0000-7000-8000-000000000000"))
EPOCH = "0be4c400"


@dataclass(frozen=True, slots=True)
class Size:
    workers: int
    jobs: int
    crew: int = 1
    """Workers of each job; each has a row in the feed."""


def worker_id(number: int) -> UserId:
    """Workers are numbered from 1, as are jobs: job n belongs to worker 1 + n % workers and those after."""
    return UserId(row_id("a", number))


def token_of(number: int) -> str:
    """The token of a worker's phone: as long as a real one."""
    return f"{number:043d}"


def cursor_of(number: int, size: Size) -> Cursor:
    """A worker's cursor after everything."""
    return Cursor(EPOCH, worker_mark(worker_id(number)), size.jobs)


def poll_of(number: int, size: Size) -> tuple[bytes, Cursor]:
    """What `idle_poll` is asked with for a worker's phone that has everything."""
    return hash_token(token_of(number)), cursor_of(number, size)


async def fill(superuser_dsn: str, size: Size, samples: Sequence[JsonObject]) -> None:
    """`samples` are fields of jobs, used in turn. The database is migrated, and has no such account yet."""
    connection = await asyncpg.connect(superuser_dsn)
    try:
        await prepare(connection)
        async with connection.transaction():
            # The rows fit each other by construction: a foreign key checked a million times adds nothing.
            await connection.execute("set local session_replication_role = replica")
            await connection.execute(ACCOUNT_ROW, ACCOUNT, EPOCH, DEFAULT_POLICY)
            await connection.execute(HEAD_ROW, ACCOUNT, size.jobs)
            for statement in (WORKERS, DEVICES, SESSIONS):
                await connection.execute(statement, ACCOUNT, size.workers)
            await connection.execute(JOBS, ACCOUNT, size.workers, size.jobs, samples, size.crew)
            for statement in (ASSIGNMENTS, CHANGES, FEED):
                await connection.execute(statement, ACCOUNT)
        await connection.execute(f"vacuum analyze {FILLED}")
    finally:
        await connection.close()


FILLED = "account, account_head, account_user, device, session, job, assignment, change, feed"
"""Not the other tables: none of an installation is analyzed while it is still empty."""


def row_id(kind: str, number: int) -> UUID:
    return UUID(f"0192f3a0-000{kind}-7000-8000-{number:012x}")


def sql_id(kind: str, number: str) -> str:
    return f"('0192f3a0-000{kind}-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


ACCOUNT_ROW = """
insert into account (id, name, time_zone, epoch, policy) values ($1, 'Большая', 'Europe/Moscow', $2, $3)"""

HEAD_ROW = "insert into account_head (account_id, version, job_number) values ($1, $2, $2)"

WORKERS = f"""
insert into account_user (account_id, id, login, name, role, password_hash)
select $1, {sql_id("a", "n")}, 'bench-' || n, 'Работник ' || n, 'worker', ''
from generate_series(1, $2::int) n"""

DEVICES = f"""
insert into device (account_id, id, worker_id, name, platform)
select $1, {sql_id("d", "n")}, {sql_id("a", "n")}, 'Телефон', 'android'
from generate_series(1, $2::int) n"""

SESSIONS = f"""
insert into session (account_id, id, user_id, device_id, token_hash, transport, expires_at)
select $1, {sql_id("5", "n")}, {sql_id("a", "n")}, {sql_id("d", "n")},
       sha256(convert_to(lpad(n::text, 43, '0'), 'UTF8')), 'bearer', now() + interval '90 days'
from generate_series(1, $2::int) n"""

JOBS = f"""
insert into job (account_id, id, number, version, fields, field_versions, state, scheduled_at, search,
                 closed_at, created_at, updated_at)
select $1, {sql_id("b", "n")}, n, n,
       fields, (select jsonb_object_agg(name, n) from jsonb_object_keys(fields) name),
       state, at, lower(n || ' ' || (sample ->> 'description')),
       case when n % 5 = 1 then at end, at, at
from generate_series(1, $3::int) n
join jsonb_array_elements($4::jsonb) with ordinality samples (sample, place)
  on place = 1 + n % jsonb_array_length($4::jsonb),
     lateral (select case when n % 5 < 2 then 'finished' else 'published' end as state,
                     now() - interval '60 days' * (1 - n::float / $3::int) as at) made,
     lateral (select jsonb_agg(jsonb_build_object('can_edit', nth = 0, 'worker_id',
                       {sql_id("a", "1 + (n + nth) % $2::int")}) order by nth) as assignees
              from generate_series(0, $5::int - 1) nth) its,
     lateral (select sample || jsonb_build_object('state', state, 'assignees', assignees) as fields) as new"""

ASSIGNMENTS = """
insert into assignment (account_id, job_id, worker_id, can_edit)
select account_id, id, (one ->> 'worker_id')::uuid, (one -> 'can_edit')::boolean
from job, jsonb_array_elements(fields -> 'assignees') one where account_id = $1"""

CHANGES = """
insert into change (account_id, version, kind, job_id, fields, actor, happened_at, recorded_at, summary,
                    seen_by)
select account_id, version, 'created', id,
       jsonb_build_object('description', jsonb_build_object('old', null, 'new', fields -> 'description')),
       '{"kind": "system", "id": null, "name": "bench"}', created_at, created_at,
       jsonb_build_object('number', number, 'state', state),
       array(select (one ->> 'worker_id')::uuid from jsonb_array_elements(fields -> 'assignees') one)
from job where account_id = $1"""

FEED = """
insert into feed (account_id, worker_id, job_id, version, visible, visible_since)
select account_id, (one ->> 'worker_id')::uuid, id, version, version % 5 <> 0, version
from job, jsonb_array_elements(fields -> 'assignees') one where account_id = $1"""
