"""A gateway dies and all its readers come back at once: no error, nothing lost, and little asked of the
database. NARYAD_STORM=5000 makes the crowd as large; how fast it is back is printed."""

import os
import re
from time import monotonic

import httpx

from support.firms import change_much, found_firms, opened_stores
from support.follower import Ending, Follower, following, until_all
from support.process import post
from support.server import client, free_port

CLIENTS = int(os.environ.get("NARYAD_STORM", "1000"))
OF_ONE_FIRM = 100
MISSED = 30


async def test_a_crowd_that_returns_after_a_restart_costs_one_read_an_account(database_url: str) -> None:
    async with opened_stores(database_url) as stores, post(database_url, free_port()) as gateway:
        firms = await found_firms(stores, CLIENTS // OF_ONE_FIRM, jobs=1)
        service = await gateway.take("naryad_gateway", NARYAD_LOG_LEVEL="error")
        followers = [
            Follower(gateway.url, firms[n % len(firms)].desk, pause_s=(0.5, 3)) for n in range(CLIENTS)
        ]
        async with following(followers):
            await until_all(followers, lambda one: one.told.position)
            for firm in firms:
                await change_much(stores, firm, 3)  # some have heard of it when the gateway dies, some not
            await service.kill()
            heads = {firm.desk: await change_much(stores, firm, MISSED) for firm in firms}
            await gateway.take("naryad_gateway", NARYAD_LOG_LEVEL="error")
            began, back = monotonic(), dict[Follower, float]()

            def is_back(one: Follower) -> bool:
                if one not in back and one.told.reached(heads[one.token]):
                    back[one] = monotonic() - began
                return one in back

            await until_all(followers, is_back)
            async with client(gateway.url) as http:
                replays = await reads(http, "replay")
    after = sorted(back.values())
    print(f"{CLIENTS} readers: 90 % back after {after[CLIENTS * 9 // 10]:.1f} s, all after {after[-1]:.1f} s")
    for one in followers:
        assert one.endings[Ending.TORN] == 1  # when the gateway was killed
        assert not one.endings.keys() & {Ending.STATUS, Ending.FINISHED}
        assert one.told.whole(heads[one.token]), one.told
    assert 0 < replays <= len(firms)


async def reads(http: httpx.AsyncClient, purpose: str) -> float:
    said = (await http.get("/metrics")).text
    found = re.search(rf'naryad_gateway_database_reads_total{{purpose="{purpose}"}} (\S+)', said)
    return float(found[1]) if found else 0
