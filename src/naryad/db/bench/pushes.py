"""Pushes in the numbers that a benchmark needs, on top of a filled database (fill.py).

All its jobs become today's and started, all its phones registered with Apple.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import TypeAlias
from uuid import UUID

import asyncpg

from naryad.access import hash_token
from naryad.db.bench.fill import ACCOUNT, row_id, sql_id
from naryad.db.deliveries import claim
from naryad.db.doorbell import CHANNEL
from naryad.db.pool import prepare
from naryad.domain.instant import to_text
from naryad.domain.push_channel import ChannelName

DESK_TOKEN = "d" * 43

Claimer: TypeAlias = Callable[[int], Awaitable[float]]
"""Microseconds of one claim of so many deliveries, all of which are there again afterwards."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Deliveries that were settled as sent; seconds since 1970 of the first and the last settlement."""

    count: int
    last: float


def job_id(number: int) -> UUID:
    return row_id("b", number)


async def make_todays(superuser_dsn: str) -> None:
    """Every job is today's and started, every phone registered; a dispatcher has signed in."""
    connection = await _connect(superuser_dsn)
    try:
        at = datetime.now(UTC)
        async with connection.transaction():
            await connection.execute(TODAY, ACCOUNT, at, to_text(at))
            await connection.execute(REGISTRATIONS, ACCOUNT)
            await connection.execute(DISPATCHER, ACCOUNT, row_id("c", 1))
            await connection.execute(
                SIGNED_IN, ACCOUNT, row_id("c", 2), row_id("c", 1), hash_token(DESK_TOKEN)
            )
        await connection.execute("vacuum analyze job, push_registration, account_user, session")
    finally:
        await connection.close()


async def add_intents(superuser_dsn: str, count: int) -> float:
    """As many changes told at once, one a job; the bell is rung. Seconds since 1970, before the commit."""
    connection = await _connect(superuser_dsn)
    try:
        async with connection.transaction():
            await connection.execute(INTENTS, ACCOUNT, count, "pending")
            at = datetime.now(UTC).timestamp()
        await connection.execute("select pg_notify($1, $2)", CHANNEL, str(ACCOUNT))
        return at
    finally:
        await connection.close()


async def add_deliveries(superuser_dsn: str, count: int) -> None:
    """Pending deliveries over Apple, due since moments ago, each of an intent of its own."""
    connection = await _connect(superuser_dsn)
    try:
        async with connection.transaction():
            await connection.execute(INTENTS, ACCOUNT, count, "done")
            await connection.execute(DELIVERIES, ACCOUNT)
        await connection.execute("vacuum analyze push_intent, push_delivery")
    finally:
        await connection.close()


async def unsent(superuser_dsn: str) -> int:
    """Intents and deliveries that are still pending."""
    connection = await asyncpg.connect(superuser_dsn)
    try:
        return int(await connection.fetchval(UNSENT))
    finally:
        await connection.close()


async def sent_since(superuser_dsn: str, at: float) -> Sent:
    connection = await asyncpg.connect(superuser_dsn)
    try:
        row = await connection.fetchrow(SENT, datetime.fromtimestamp(at, UTC))
        assert row is not None
        return Sent(row["count"], row["last"].timestamp())
    finally:
        await connection.close()


@asynccontextmanager
async def claims_from_outside(superuser_dsn: str) -> AsyncIterator[Claimer]:
    """From asking to having the deliveries as objects, on one connection in the services' role."""

    async def timed(connection: asyncpg.Connection, count: int) -> tuple[float, int]:
        begun = perf_counter()
        found = await claim(connection, ChannelName.APNS, count)
        return (perf_counter() - begun) * 1e6, len(found)

    async with _claimer(superuser_dsn, timed) as claimed:
        yield claimed


@asynccontextmanager
async def claims_inside(superuser_dsn: str) -> AsyncIterator[Claimer]:
    """The function alone, timed by PostgreSQL's clock."""

    async def timed(connection: asyncpg.Connection, count: int) -> tuple[float, int]:
        row = await connection.fetchrow("select * from pg_temp.timed_claim($1)", count)
        assert row is not None
        return row["us"], row["got"]

    async with _claimer(superuser_dsn, timed) as claimed:
        yield claimed


@asynccontextmanager
async def _claimer(
    superuser_dsn: str, timed: Callable[[asyncpg.Connection, int], Awaitable[tuple[float, int]]]
) -> AsyncIterator[Claimer]:
    """Each claim is taken back, and what that leaves is swept away. As that may have the statement
    planned anew, which no pusher meets at every claim, one that is not counted comes before.
    """
    connection = await _connect(superuser_dsn)
    sweeper = await asyncpg.connect(superuser_dsn)
    try:
        await connection.execute("set role naryad_service")
        await connection.execute(TIMED)

        async def taken_back(count: int) -> float:
            transaction = connection.transaction()
            await transaction.start()
            taken, got = await timed(connection, count)
            await transaction.rollback()
            assert got == count, f"{got} of {count} deliveries were claimed"
            return taken

        async def claimed(count: int) -> float:
            await sweeper.execute("vacuum push_delivery")
            await taken_back(count)
            return await taken_back(count)

        yield claimed
    finally:
        await connection.close()
        await sweeper.close()


async def _connect(superuser_dsn: str) -> asyncpg.Connection:
    connection = await asyncpg.connect(superuser_dsn)
    await prepare(connection)
    return connection


TODAY = """
update job set state = 'started', closed_at = null, scheduled_at = $2,
               fields = fields - 'external_id'
                        || jsonb_build_object('state', 'started', 'scheduled_at', $3::text)
where account_id = $1"""

REGISTRATIONS = """
insert into push_registration (account_id, device_id, channel, token, environment, since, registered_at)
select account_id, id, 'apns', encode(sha256(uuid_send(id)), 'hex'), 'production', now(), now()
from device where account_id = $1"""

DISPATCHER = """
insert into account_user (account_id, id, login, name, role, password_hash)
values ($1, $2, 'bench-desk', 'Диспетчер', 'dispatcher', '')"""

SIGNED_IN = """
insert into session (account_id, id, user_id, token_hash, transport, expires_at)
values ($1, $2, $3, $4, 'bearer', now() + interval '90 days')"""

INTENTS = f"""
insert into push_intent (account_id, id, worker_id, job_id, version, reason, state, created_at, due_at)
select $1, uuidv7(), (j.fields #>> '{{assignees,0,worker_id}}')::uuid, j.id, j.version, 'changed', $3,
       now(), now()
from generate_series(0, $2::int - 1) n
join job j on j.account_id = $1
          and j.id = {sql_id("b", "1 + n % (select count(*) from job where account_id = $1)")}"""

DELIVERIES = """
insert into push_delivery (account_id, id, intent_id, device_id, channel, due_at)
select i.account_id, uuidv7(), i.id, d.id, 'apns', now() - random() * interval '1 second'
from push_intent i
join device d on d.account_id = i.account_id and d.worker_id = i.worker_id
where i.account_id = $1"""

UNSENT = """
select (select count(*) from push_intent where state = 'pending')
     + (select count(*) from push_delivery where state = 'pending')"""

SENT = """
select count(*), coalesce(max(sent_at), 'epoch') as last
from push_delivery where state = 'sent' and channel = 'apns' and sent_at >= $1"""

TIMED = """
create function pg_temp.timed_claim(how_many integer, out us double precision, out got bigint)
language plpgsql as $$
declare
  begun timestamptz := clock_timestamp();
begin
  select count(*) into got
  from (select * from public.claim_deliveries('apns', how_many, interval '30 s') offset 0) claimed;
  us := extract(epoch from clock_timestamp() - begun) * 1e6;
end $$"""
