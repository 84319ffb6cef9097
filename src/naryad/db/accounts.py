"""Accounts: the lock of the history, and its head."""

from dataclasses import dataclass
from datetime import datetime

from naryad.db.pool import Connection, Row
from naryad.domain.ids import AccountId
from naryad.domain.json import JsonObject
from naryad.domain.people import Account
from naryad.domain.push_text import PushText

COLUMNS = "id, name, time_zone, locale, epoch, restored, policy, shared_version, push_text"


@dataclass(frozen=True, slots=True)
class Head:
    """The version of the latest change, the number of the latest job, and the time by the database."""

    version: int
    job_number: int
    now: datetime


async def get(connection: Connection, account_id: AccountId) -> Account:
    row = await connection.fetchrow(f"select {COLUMNS} from account where id = $1", account_id)
    assert row is not None, "the scope of this transaction names an account that does not exist"
    return _account(row)


async def lock(connection: Connection, account_id: AccountId) -> Account:
    """From here to commit, the only writer of this account.

    What is to be merged must be read in LATER statements: this one may have waited, and its
    own snapshot is older than the lock.
    """
    row = await connection.fetchrow(
        f"select {COLUMNS} from account where id = $1 for no key update", account_id
    )
    assert row is not None, "the scope of this transaction names an account that does not exist"
    return _account(row)


async def head(connection: Connection, account_id: AccountId) -> Head:
    row = await connection.fetchrow(
        "select version, job_number, clock_timestamp() as now from account_head where account_id = $1",
        account_id,
    )
    assert row is not None
    return Head(row["version"], row["job_number"], row["now"])


async def set_head(connection: Connection, account_id: AccountId, version: int, job_number: int) -> None:
    await connection.execute(
        "update account_head set version = $2, job_number = $3 where account_id = $1",
        account_id,
        version,
        job_number,
    )


async def set_shared_version(connection: Connection, account_id: AccountId, version: int) -> None:
    """A template or the policy changed at this version: phones below it fetch them."""
    await connection.execute("update account set shared_version = $2 where id = $1", account_id, version)


async def begin_epoch(connection: Connection, account_id: AccountId, epoch: str, ended_at: int) -> None:
    """A backup that ended at this version was restored: the history goes on in a new epoch."""
    await connection.execute(
        "update account set epoch = $2, restored = restored || $3::bigint where id = $1",
        account_id,
        epoch,
        ended_at,
    )


async def update(connection: Connection, account: Account) -> None:
    """Write what an admin may change of an account."""
    await connection.execute(
        """update account set name = $2, time_zone = $3, locale = $4, policy = $5, push_text = $6
           where id = $1""",
        account.id,
        account.name,
        account.time_zone,
        account.locale,
        account.policy,
        account.push_text,
    )


async def create(
    connection: Connection,
    account_id: AccountId,
    name: str,
    time_zone: str,
    locale: str,
    epoch: str,
    policy: JsonObject,
) -> None:
    await connection.execute(
        "insert into account (id, name, time_zone, locale, epoch, policy) values ($1, $2, $3, $4, $5, $6)",
        account_id,
        name,
        time_zone,
        locale,
        epoch,
        policy,
    )
    await connection.execute("insert into account_head (account_id) values ($1)", account_id)


def _account(row: Row) -> Account:
    return Account(
        id=AccountId(row["id"]),
        name=row["name"],
        time_zone=row["time_zone"],
        locale=row["locale"],
        epoch=row["epoch"],
        policy=row["policy"],
        shared_version=row["shared_version"],
        push_text=PushText(row["push_text"]),
        restored=tuple(row["restored"]),
    )
