"""How long an idle poll's statement takes: as a service runs it, and of that inside PostgreSQL alone."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from typing import TypeAlias

import asyncpg

from naryad.db.poll import idle_poll
from naryad.domain.cursor import Cursor

Poll = tuple[bytes, Cursor]
Timer: TypeAlias = Callable[[Sequence[Poll]], Awaitable[float]]
"""Microseconds of one idle poll, the mean of these, none of which may find anything new."""


@asynccontextmanager
async def round_trip(superuser_dsn: str) -> AsyncIterator[Timer]:
    """From asking to having the row, on one connection in the services' role."""
    connection = await asyncpg.connect(superuser_dsn)
    try:
        await connection.execute(ROLE)

        async def mean(polls: Sequence[Poll]) -> float:
            begun = perf_counter()
            for poll in polls:
                assert await idle_poll(connection, *poll) is not None, "a poll found something new"
            return (perf_counter() - begun) * 1e6 / len(polls)

        yield mean
    finally:
        await connection.close()


@asynccontextmanager
async def inside(superuser_dsn: str) -> AsyncIterator[Timer]:
    """The function alone, called by a loop in PostgreSQL: without protocol, parsing and executor."""
    connection = await asyncpg.connect(superuser_dsn)
    try:
        await connection.execute(TIMED)
        await connection.execute(ROLE)

        async def mean(polls: Sequence[Poll]) -> float:
            taken: float | None = await connection.fetchval(
                "select pg_temp.idle_polls_us($1, $2, $3, $4)",
                [token_hash for token_hash, _ in polls],
                [cursor.epoch for _, cursor in polls],
                [cursor.worker for _, cursor in polls],
                [cursor.version for _, cursor in polls],
            )
            assert taken is not None, "a poll found something new"
            return taken

        yield mean
    finally:
        await connection.close()


ROLE = "set role naryad_service"

TIMED = """
create function pg_temp.idle_polls_us(hashes bytea[], epochs text[], workers bytea[], versions bigint[])
returns double precision language plpgsql as $$
declare
  begun timestamptz := clock_timestamp();
  found_all boolean := true;
begin
  for i in 1 .. cardinality(hashes) loop
    perform from public.idle_poll(hashes[i], epochs[i], workers[i], versions[i]);
    found_all := found_all and found;
  end loop;
  if found_all then
    return extract(epoch from clock_timestamp() - begun) * 1e6 / cardinality(hashes);
  end if;
  return null;
end $$"""
