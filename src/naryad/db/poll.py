"""The idle poll: one statement that checks the token and reads the feed."""

from naryad.db.pool import Connection
from naryad.domain.cursor import Cursor
from naryad.domain.ids import AccountId, DeviceId

STATEMENT = "select account_id, device_id from idle_poll($1, $2, $3, $4)"


async def idle_poll(
    connection: Connection, token_hash: bytes, cursor: Cursor
) -> tuple[AccountId, DeviceId] | None:
    """The device that holds this token, when it has everything up to its cursor; else None."""
    row = await connection.fetchrow(STATEMENT, token_hash, cursor.epoch, cursor.worker, cursor.version)
    return (AccountId(row[0]), DeviceId(row[1])) if row else None
