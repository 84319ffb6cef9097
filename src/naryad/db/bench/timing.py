"""How long PostgreSQL itself takes for a statement: measured inside the server, without any client."""

from collections.abc import Sequence

import asyncpg

from naryad.domain.cursor import Cursor

Poll = tuple[bytes, Cursor]


async def idle_polls_us(superuser_dsn: str, polls: Sequence[Poll]) -> float:
    """Microseconds of one idle poll, the mean of these; each must find nothing new."""
    connection = await asyncpg.connect(superuser_dsn)
    try:
        await connection.execute(TIMED)
        await connection.execute(ROLE)
        arguments = (
            [token_hash for token_hash, _ in polls],
            [cursor.epoch for _, cursor in polls],
            [cursor.worker for _, cursor in polls],
            [cursor.version for _, cursor in polls],
        )
        await connection.fetchval(CALL, *arguments)  # plans are made, pages are in memory
        mean: float | None = await connection.fetchval(CALL, *arguments)
    finally:
        await connection.close()
    assert mean is not None, "a poll found something new"
    return mean


ROLE = "set role naryad_service"

CALL = "select pg_temp.idle_polls_us($1, $2, $3, $4)"

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
