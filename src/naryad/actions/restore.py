"""After a restore from backup: a new epoch, whose numbers nobody can have seen."""

import secrets
from dataclasses import dataclass

from naryad.actions.ledger import Stores, open_ledger
from naryad.db import accounts
from naryad.domain.change import Actor, ActorKind
from naryad.domain.ids import AccountId

RESTORE = Actor(ActorKind.SYSTEM, None, "restore")


@dataclass(frozen=True, slots=True)
class Restored:
    """An account in its new epoch: where its backup ended, and where its history goes on."""

    account_id: AccountId
    name: str
    epoch: str
    ended_at: int
    version: int


async def begin_epoch(stores: Stores, account_id: AccountId) -> Restored:
    """Give the account a new epoch. Every cursor expires; phones re-sync by what they hold."""
    epoch = new_epoch()
    async with open_ledger(stores, account_id) as ledger:
        ended_at = ledger.version
        version = ledger.leap(RESTORE)
        await accounts.begin_epoch(ledger.connection, account_id, epoch, ended_at)
    return Restored(account_id, ledger.account.name, epoch, ended_at, version)


def new_epoch() -> str:
    return secrets.token_hex(4)
