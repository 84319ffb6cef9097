"""The idle poll's own connections: kept, given up when they die, never all that there are."""

import asyncio

import asyncpg
import pytest

from naryad.access import hash_token
from naryad.db.poll import PollConnections
from naryad.db.pool import Unavailable, open_database
from naryad.domain.cursor import Cursor
from support.account import Office


async def test_one_connection_is_enough_for_polls_and_others(office: Office, database_url: str) -> None:
    token_hash, cursor = await _poll_of(office)
    async with open_database(database_url, name="test-one", max_size=1) as database:
        polls = PollConnections(database)
        async with asyncio.timeout(20):
            for _ in range(3):
                assert await polls.ask(token_hash, cursor) is not None
                await database.check_ready()
        await polls.close()


async def test_polls_never_take_more_than_half(office: Office, database_url: str) -> None:
    token_hash, cursor = await _poll_of(office)
    async with open_database(database_url, name="test-half", max_size=4) as database:
        polls = PollConnections(database)
        async with asyncio.timeout(20):
            found = await asyncio.gather(*(polls.ask(token_hash, cursor) for _ in range(20)))
            assert all(found)
            async with database.across(), database.across():
                assert await polls.ask(token_hash, cursor) is not None
        await polls.close()


async def test_a_dead_connection_is_given_up(
    office: Office, database_url: str, truth: asyncpg.Connection
) -> None:
    token_hash, cursor = await _poll_of(office)
    async with open_database(database_url, name="test-dead", max_size=2) as database:
        polls = PollConnections(database)
        assert await polls.ask(token_hash, cursor) is not None
        ended = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = $1"
        assert await truth.fetchval(ended, "test-dead")
        with pytest.raises(Unavailable):
            await polls.ask(token_hash, cursor)
        assert await polls.ask(token_hash, cursor) is not None
        await polls.close()


async def _poll_of(office: Office) -> tuple[bytes, Cursor]:
    await office.ivan.sync()
    assert office.ivan.cursor
    token = office.ivan.http.headers["authorization"].removeprefix("Bearer ")
    return hash_token(token), Cursor.decode(office.ivan.cursor)
