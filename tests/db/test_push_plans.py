"""Claiming and settling cost what they claim and settle, not what waits: also when a burst came into
tables of which PostgreSQL has no statistics yet.
"""

import asyncpg
import pytest

from naryad.db.deliveries import Settlement, claim, expand_intents, settle
from naryad.db.pool import SERVICE_ROLE
from naryad.domain.push_channel import ChannelName
from support.account import Office
from support.plans import Plans, nodes, watched
from support.pushes import register

FCM = ChannelName.FCM
WAITING, BATCH = 5_000, 100

BURST = """
with burst as (
  insert into push_intent (account_id, id, worker_id, job_id, version, reason, state, created_at, due_at)
  select account_id, uuid7(), worker_id, job_id, version, reason, 'done', now(), now()
  from push_intent, generate_series(1, $1) returning account_id, id
)
insert into push_delivery (account_id, id, intent_id, device_id, channel)
select account_id, uuid7(), id, $2::uuid, 'fcm' from burst
"""


@pytest.fixture
async def burst(office: Office, truth: asyncpg.Connection) -> None:
    """So many messages wait, in tables that PostgreSQL has never looked at."""
    for table in ("push_intent", "push_delivery"):
        await truth.execute(f"alter table {table} set (autovacuum_enabled = off)")
    await register(office.ivan, FCM)
    await office.create_job()
    async with office.api.stores.database.across() as connection:
        await expand_intents(connection, 10, [FCM])
    await truth.execute(BURST, WAITING, office.ivan.device_id)


async def claimed_and_settled(connection: asyncpg.Connection) -> None:
    taken = await claim(connection, FCM, BATCH)
    assert len(taken) == BATCH
    assert await settle(connection, [Settlement(one, "sent") for one in taken]) == BATCH


def most_read(plans: Plans) -> float:
    """The most rows of a table that any step has touched, those thrown away included."""
    return max(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for plan in plans.told
        for node in nodes(plan["Plan"])
        if "Relation Name" in node
    )


@pytest.mark.usefixtures("burst")
async def test_a_batch_costs_a_batch(office: Office, superuser_url: str) -> None:
    async with watched(superuser_url, office.account_id) as plans:
        await plans.watch(claimed_and_settled)
        assert most_read(plans) <= 2 * BATCH, plans.scans()


@pytest.mark.usefixtures("burst")
async def test_a_lost_key_is_noticed(office: Office, superuser_url: str) -> None:
    """The control."""
    async with watched(superuser_url, office.account_id) as plans:
        await plans.connection.execute(
            "reset role; alter table push_delivery drop constraint push_delivery_pkey;"
            f"set role {SERVICE_ROLE}"
        )
        await plans.watch(claimed_and_settled)
        assert most_read(plans) >= WAITING
