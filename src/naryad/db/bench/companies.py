"""Fills a database with many small companies: each with a desk of many browsers, and one worker.

And tells when the changes that were then made through the API were committed.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from naryad.db.pool import prepare
from naryad.domain.ids import AccountId, UserId
from naryad.domain.policy import DEFAULT_POLICY

COMMIT_TIMES = {"track_commit_timestamp": "on"}
"""PostgreSQL's settings that `committed` needs."""


def account_of(company: int) -> AccountId:
    """Companies are numbered from 1."""
    return AccountId(UUID(f"0192f3b0-0000-7000-8000-{company:012x}"))


def worker_of(company: int) -> UserId:
    return UserId(UUID(f"0192f3b0-000a-7000-8000-{company:012x}"))


def browser_token(company: int, browser: int) -> str:
    """The token of one browser's session; browsers are numbered from 1 in each company."""
    return f"{company:011d}{browser:032d}"


async def found_companies(superuser_dsn: str, desks: Sequence[int]) -> None:
    """`desks` names how many browsers each company's desk has: a user and a session for each."""
    connection = await asyncpg.connect(superuser_dsn)
    try:
        await prepare(connection)
        async with connection.transaction():
            for company, browsers in enumerate(desks, start=1):
                account_id = account_of(company)
                await connection.execute(ACCOUNT, account_id, f"{company:08x}", DEFAULT_POLICY)
                await connection.execute(HEAD, account_id)
                await connection.execute(WORKER, account_id, worker_of(company), f"worker-{company}")
                await connection.execute(DISPATCHERS, account_id, company, browsers)
                await connection.execute(SESSIONS, account_id, company)
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


async def committed(superuser_dsn: str, company: int, after: int) -> dict[int, datetime]:
    return await committed_of(superuser_dsn, account_of(company), after)


async def committed_of(superuser_dsn: str, account_id: AccountId, after: int) -> dict[int, datetime]:
    """When each version after that one was committed: what PostgreSQL notes as it writes the commit,
    before the write is flushed and anybody is told of it. The settings COMMIT_TIMES must be on.
    """
    connection = await asyncpg.connect(superuser_dsn)
    try:
        rows = await connection.fetch(COMMITTED, account_id, after)
        return {row["version"]: row["at"] for row in rows}
    finally:
        await connection.close()


ACCOUNT = """
insert into account (id, name, time_zone, epoch, policy) values ($1, 'Водоканал', 'Europe/Moscow', $2, $3)"""

HEAD = "insert into account_head (account_id) values ($1)"

WORKER = """
insert into account_user (account_id, id, login, name, role, password_hash)
values ($1, $2, $3, 'Иван Петров', 'worker', '')"""

DISPATCHERS = """
insert into account_user (account_id, id, login, name, role, password_hash)
select $1, uuidv7(), 'desk-' || $2::int || '-' || n, 'Диспетчер ' || n, 'dispatcher', ''
from generate_series(1, $3::int) n"""

SESSIONS = """
insert into session (account_id, id, user_id, token_hash, transport, expires_at)
select $1, uuidv7(), id, sha256(convert_to(
         lpad($2::int::text, 11, '0') || lpad(row_number() over (order by id)::text, 32, '0'), 'UTF8')),
       'bearer', now() + interval '90 days'
from account_user where account_id = $1 and role = 'dispatcher'"""

COMMITTED = """
select version, pg_xact_commit_timestamp(xmin) as at from change where account_id = $1 and version > $2"""
