"""What the gateway asks across accounts: positions, stretches of history, phones' health, sessions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from naryad.db.devices import DeviceRow, device_row
from naryad.db.history import change_of
from naryad.db.pool import Connection
from naryad.domain.change import Change
from naryad.domain.cursor import Position
from naryad.domain.ids import AccountId, SessionId


async def heads(connection: Connection, accounts: Collection[AccountId]) -> dict[AccountId, Position]:
    """Where each account's history stands, in one statement for all."""
    rows = await connection.fetch("select account_id, epoch, version from heads($1)", list(accounts))
    return {AccountId(row["account_id"]): Position(row["epoch"], row["version"]) for row in rows}


async def changes_after(
    connection: Connection, account_id: AccountId, version: int, limit: int
) -> list[Change]:
    """The next changes of one account, in the order of their versions."""
    rows = await connection.fetch("select * from changes_after($1, $2, $3)", account_id, version, limit)
    return [change_of(row) for row in rows]


@dataclass(frozen=True, slots=True)
class DeviceNews:
    """What a phone told of itself, and when that was written down."""

    account_id: AccountId
    row: DeviceRow
    stored_at: datetime


async def device_news(
    connection: Connection, accounts: Collection[AccountId], since: datetime
) -> list[DeviceNews]:
    """Of phones that told of themselves after `since`, the oldest news first; in one statement for all."""
    rows = await connection.fetch("select * from device_news($1, $2)", list(accounts), since)
    return [DeviceNews(AccountId(row["account_id"]), device_row(row), row["stored_at"]) for row in rows]


async def time_there(connection: Connection) -> datetime:
    """The database's clock, which stamps what is stored."""
    now = await connection.fetchval("select now()")
    assert isinstance(now, datetime)
    return now


async def sessions_alive(connection: Connection, sessions: Collection[SessionId]) -> set[SessionId]:
    """Of these sessions, those that have neither been revoked nor expired."""
    rows = await connection.fetch("select session_id from sessions_alive($1)", list(sessions))
    return {SessionId(row["session_id"]) for row in rows}
