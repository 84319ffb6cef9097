"""What the gateway asks: positions and stretches of history across accounts, and which sessions hold."""

from collections.abc import Collection

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


async def sessions_alive(connection: Connection, sessions: Collection[SessionId]) -> set[SessionId]:
    """Of these sessions, those that have neither been revoked nor expired."""
    rows = await connection.fetch("select session_id from sessions_alive($1)", list(sessions))
    return {SessionId(row["session_id"]) for row in rows}
