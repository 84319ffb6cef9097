"""How long PostgreSQL itself takes for a statement: measured inside the server, without any client."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import asyncpg

from naryad.domain.cursor import Cursor

Poll = tuple[bytes, Cursor]


@asynccontextmanager
async def poll_timer(superuser_dsn: str) -> AsyncIterator[Callable[[Sequence[Poll]], Awaitable[float]]]:
    """Gives a function: the microseconds of one idle poll, the mean of these polls, none of which may
    find anything new. All of it in one session, whose plans stay made.
    """
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
