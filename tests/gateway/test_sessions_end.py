"""A session that ends takes its streams with it, on every replica, and nobody else's."""

import asyncpg
import pytest

from naryad.access import hash_token
from support.firms import change_much, found_firms, opened_stores
from support.follower import Ending, Follower, following, until_all
from support.process import running

ENDS = {
    "expired": "update session set expires_at = now() where token_hash = $1",
    "revoked": "delete from session where token_hash = $1",
    "switched off": """update account_user u set active = false from session s
                       where s.token_hash = $1 and u.account_id = s.account_id and u.id = s.user_id""",
}


@pytest.mark.parametrize("how", ENDS)
async def test_on_both_gateways_the_session_loses_its_streams_and_no_other_does(
    database_url: str, truth: asyncpg.Connection, how: str
) -> None:
    async with (
        opened_stores(database_url) as stores,
        running("naryad_gateway", database_url) as one_gateway,
        running("naryad_gateway", database_url) as other_gateway,
    ):
        ours, theirs = await found_firms(stores, 2, jobs=1)
        first, second = ours.workers.values()
        urls = (one_gateway.url, other_gateway.url)
        ending = [Follower(url, first) for url in urls]
        staying = [Follower(url, token) for url in urls for token in (second, ours.desk, theirs.desk)]
        async with following([*ending, *staying]):
            await until_all([*ending, *staying], lambda one: one.told.position)
            await truth.execute(ENDS[how], hash_token(first))
            await until_all(ending, lambda one: one.endings[Ending.STATUS])
            heads = {firm.desk: await change_much(stores, firm, 1) for firm in (ours, theirs)}
            desks = [one for one in staying if one.token in heads]
            await until_all(desks, lambda one: one.told.reached(heads[one.token]))
    for one in ending:
        assert one.endings[Ending.SENT_AWAY] == 1  # told to come back, and then refused
        assert not one.told.versions
    assert not any(one.endings for one in staying)
