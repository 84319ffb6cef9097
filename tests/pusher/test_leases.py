"""Several pushers share the deliveries: a claim is one pusher's while its lease holds."""

import asyncio
from collections import Counter
from datetime import timedelta

from asyncpg import Connection

from naryad.db.deliveries import ChannelName, Settlement, claim, expand_intents, settle
from naryad.db.pool import Database
from naryad.settings import Settings
from naryad_pusher.pusher import running_pusher
from support.account import Office
from support.provider import Provider
from support.pushes import settled

CHANNEL = ChannelName.RECORDING


async def deliveries(office: Office, count: int) -> Database:
    """So many deliveries are due."""
    for _ in range(count):
        await office.create_job()
    database = office.api.stores.database
    async with database.across() as connection:
        assert await expand_intents(connection, 1000) == (count, count)
    return database


async def test_claims_made_at_once_do_not_overlap(office: Office) -> None:
    database = await deliveries(office, 12)

    async def claims() -> list[str]:
        async with database.across() as connection:
            return [str(one.id) for _ in range(12) for one in await claim(connection, CHANNEL, 2)]

    taken = [one for some in await asyncio.gather(*(claims() for _ in range(4))) for one in some]
    assert Counter(taken) == dict.fromkeys(taken, 1)
    assert len(taken) == 12


async def test_a_claim_holds_until_its_lease_is_over(office: Office, truth: Connection) -> None:
    database = await deliveries(office, 1)
    async with database.across() as connection:
        (first,) = await claim(connection, CHANNEL, 10)
        assert await claim(connection, CHANNEL, 10) == []
        await truth.execute("update push_delivery set leased_until = now()")  # the lease runs out
        (second,) = await claim(connection, CHANNEL, 10)

        assert (second.id, second.fence, second.attempts) == (first.id, first.fence + 1, 2)
        assert await settle(connection, [Settlement(first, "dead", "too late to say")]) == 0
        assert await settle(connection, [Settlement(second, "sent")]) == 1
    assert await truth.fetchval("select state from push_delivery") == "sent"


async def test_what_was_put_off_comes_due_again(office: Office) -> None:
    database = await deliveries(office, 2)
    async with database.across() as connection:
        one, other = await claim(connection, CHANNEL, 10)
        await settle(
            connection,
            [
                Settlement(one, "pending", "503", delay=timedelta(hours=1)),
                Settlement(other, "pending", "503"),
            ],
        )
        assert [again.id for again in await claim(connection, CHANNEL, 10)] == [other.id]


async def test_intents_expanded_at_once_make_each_delivery_once(office: Office, truth: Connection) -> None:
    for _ in range(12):
        await office.create_job()
    database = office.api.stores.database

    async def expand() -> int:
        async with database.across() as connection:
            return sum([(await expand_intents(connection, 2))[1] for _ in range(12)])

    assert sum(await asyncio.gather(*(expand() for _ in range(4)))) == 12
    assert await truth.fetchval("select count(*) from push_delivery") == 12


async def test_two_pushers_send_each_message_once(office: Office, pusher_settings: Settings) -> None:
    one, other = Provider(), Provider()
    async with running_pusher(pusher_settings, [one]), running_pusher(pusher_settings, [other]):
        jobs = await asyncio.gather(*(office.create_job() for _ in range(20)))
        for job in jobs:
            await settled(office, job["id"], 1)

    told = Counter(str(message.job_id) for message in one.messages + other.messages)
    assert told == {job["id"]: 1 for job in jobs}
