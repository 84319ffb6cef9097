"""The sweep: closed jobs leave the phones, and what was kept long enough is forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from naryad.actions.ledger import Stores, open_ledger
from naryad.db import sweep
from naryad.domain.change import Actor, ActorKind, ChangeKind
from naryad.domain.ids import AccountId
from naryad.domain.states import CLOSED

AT_ONCE = 100  # jobs retired under one lock
REMOVALS_AT_ONCE = 500  # forgotten in one transaction
REMOVALS_KEPT = timedelta(days=45)
PUSHES_KEPT = timedelta(days=30)
KEYS_KEPT = timedelta(days=7)
CONFLICTS_KEPT = timedelta(days=90)  # after they were closed

SWEEP = Actor(ActorKind.SYSTEM, None, "sweep")


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each were swept."""

    jobs_retired: int = 0
    removals: int = 0
    sessions: int = 0
    pushes: int = 0
    idempotency_keys: int = 0
    conflicts: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.jobs_retired + other.jobs_retired,
            self.removals + other.removals,
            self.sessions + other.sessions,
            self.pushes + other.pushes,
            self.idempotency_keys + other.idempotency_keys,
            self.conflicts + other.conflicts,
        )


async def sweep_all(stores: Stores, now: datetime) -> Swept:
    """Sweep every account. Safe to run at any time, and again."""
    async with stores.database.across() as connection:
        every = await sweep.all_accounts(connection)
    swept = Swept()
    for account_id in every:
        swept += await sweep_account(stores, account_id, now)
    return swept


async def sweep_account(stores: Stores, account_id: AccountId, now: datetime) -> Swept:
    retired = await _retire(stores, account_id, now)
    removals = await _drop_removals(stores, account_id, now)
    async with stores.database.account(account_id) as connection:
        return Swept(
            retired,
            removals,
            await sweep.drop_ended_sessions(connection, account_id),
            await sweep.drop_pushes(connection, account_id, now - PUSHES_KEPT),
            await sweep.drop_idempotency_keys(connection, account_id, now - KEYS_KEPT),
            await sweep.drop_conflicts(connection, account_id, now - CONFLICTS_KEPT),
        )


async def _retire(stores: Stores, account_id: AccountId, now: datetime) -> int:
    """Jobs closed `retention_days` ago or longer leave the phones, about a hundred under one lock."""
    retired = 0
    while True:
        async with open_ledger(stores, account_id) as ledger:
            before = now - timedelta(days=retention_days(ledger.account.policy))
            ids = await sweep.closed_before(ledger.connection, account_id, before, AT_ONCE)
            for job in (await ledger.jobs(ids)).values():
                assert job.state in CLOSED
                ledger.write(job, {"retired": True}, ChangeKind.RETIRED, SWEEP)
        retired += len(ids)
        if len(ids) < AT_ONCE:
            return retired


async def _drop_removals(stores: Stores, account_id: AccountId, now: datetime) -> int:
    dropped = 0
    while True:
        async with stores.database.account(account_id) as connection:
            piece = await sweep.drop_removals(connection, account_id, now - REMOVALS_KEPT, REMOVALS_AT_ONCE)
        dropped += piece
        if piece < REMOVALS_AT_ONCE:
            return dropped


def retention_days(policy: Mapping[str, object]) -> int:
    return cast(int, policy["retention_days"])
