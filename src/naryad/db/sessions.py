"""Sessions: found by the hash of their token, across accounts; made and ended within one."""

from dataclasses import dataclass
from datetime import datetime

from naryad.db.pool import Connection
from naryad.domain.ids import AccountId, DeviceId, SessionId, UserId
from naryad.domain.people import Role


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Whose request this is."""

    account_id: AccountId
    session_id: SessionId
    user_id: UserId
    device_id: DeviceId | None
    role: Role
    user_name: str
    transport: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A session in the list of an admin."""

    id: SessionId
    user_id: UserId
    device_id: DeviceId | None
    transport: str
    created_at: datetime
    expires_at: datetime


async def find_session(connection: Connection, token_hash: bytes) -> SessionRow | None:
    """None when the token is unknown, revoked or expired, or its user switched off."""
    row = await connection.fetchrow("select * from session_by_token($1)", token_hash)
    if row is None:
        return None
    return SessionRow(
        account_id=AccountId(row["account_id"]),
        session_id=SessionId(row["session_id"]),
        user_id=UserId(row["user_id"]),
        device_id=DeviceId(row["device_id"]) if row["device_id"] else None,
        role=Role(row["role"]),
        user_name=row["user_name"],
        transport=row["transport"],
        expires_at=row["expires_at"],
    )


async def create(
    connection: Connection,
    account_id: AccountId,
    session_id: SessionId,
    user_id: UserId,
    device_id: DeviceId | None,
    token_hash: bytes,
    transport: str,
    expires_at: datetime,
) -> None:
    await connection.execute(
        """insert into session (account_id, id, user_id, device_id, token_hash, transport, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7)""",
        account_id,
        session_id,
        user_id,
        device_id,
        token_hash,
        transport,
        expires_at,
    )


async def delete(connection: Connection, account_id: AccountId, session_id: SessionId) -> bool:
    """False when there was none."""
    gone = await connection.fetchval(
        "delete from session where account_id = $1 and id = $2 returning true", account_id, session_id
    )
    return gone is True


async def page(
    connection: Connection, account_id: AccountId, after: SessionId | None, limit: int
) -> list[SessionEntry]:
    """Sessions that still hold, in the order of their making."""
    rows = await connection.fetch(
        """select id, user_id, device_id, transport, created_at, expires_at from session
           where account_id = $1 and expires_at > now() and ($2::uuid is null or id > $2)
           order by id limit $3""",
        account_id,
        after,
        limit,
    )
    return [
        SessionEntry(
            SessionId(row["id"]),
            UserId(row["user_id"]),
            DeviceId(row["device_id"]) if row["device_id"] else None,
            row["transport"],
            row["created_at"],
            row["expires_at"],
        )
        for row in rows
    ]
