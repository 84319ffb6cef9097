"""A gateway that is told to stop sends its readers to the next one; none of them sees an error."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from signal import SIGTERM
from urllib.parse import urlsplit

from naryad.actions.ledger import Stores
from support.firms import Firm, change_much, found_firms, opened_stores
from support.follower import Ending, Follower, following, until_all
from support.process import running
from support.proxy import wire_to
from support.server import client
from support.tasks import going_on

STREAMS = 500
DRAIN_S = "8"


async def test_five_hundred_readers_move_to_the_next_gateway_without_an_error(database_url: str) -> None:
    """The wire is the balancer in front: who comes anew goes where readiness says."""
    async with (
        founded(database_url, 5) as (stores, firms),
        running("naryad_gateway", database_url, NARYAD_DRAIN_SECONDS=DRAIN_S) as old,
        running("naryad_gateway", database_url) as new,
        wire_to(old.url) as balancer,
        client(old.url, firms[0].desk) as http,
    ):
        followers = [Follower(balancer.url, firms[n % len(firms)].desk) for n in range(STREAMS)]
        async with following(followers):
            await until_all(followers, lambda one: one.told.position)
            async with going_on(changing(stores, firms)):
                old.process.send_signal(SIGTERM)
                async with asyncio.timeout(10):
                    while (await http.get("/readyz")).status_code != 503:
                        await asyncio.sleep(0.01)
                balancer.lead_to(urlsplit(new.url).port or 0)
                newcomer = await http.get("/v1/events")
                assert newcomer.status_code == 200
                assert newcomer.headers["connection"] == "close"
                assert newcomer.text.startswith("retry: ")
                assert await old.ended() == 0
            heads = {firm.desk: await change_much(stores, firm, 1) for firm in firms}
            await until_all(followers, lambda one: one.told.reached(heads[one.token]))
    for one in followers:
        assert set(one.endings) == {Ending.SENT_AWAY}
        assert one.told.whole(heads[one.token]), one.told
    assert len({retry for one in followers for retry in one.retries}) > STREAMS / 4  # not all at once


async def changing(stores: Stores, firms: list[Firm]) -> None:
    while True:
        for firm in firms:
            await change_much(stores, firm, 1)
            await asyncio.sleep(0.02)


@asynccontextmanager
async def founded(database_url: str, count: int) -> AsyncIterator[tuple[Stores, list[Firm]]]:
    async with opened_stores(database_url) as stores:
        yield stores, await found_firms(stores, count, jobs=1)
