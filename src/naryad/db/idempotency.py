"""Idempotency keys: a repeated creation finds its first answer."""

from dataclasses import dataclass

from naryad.db.pool import Connection
from naryad.domain.ids import AccountId, JobId, UserId


@dataclass(frozen=True, slots=True)
class Kept:
    request_hash: bytes
    job_id: JobId


async def find(connection: Connection, account_id: AccountId, actor_id: UserId, key: str) -> Kept | None:
    row = await connection.fetchrow(
        """select request_hash, job_id from idempotency_key
           where account_id = $1 and actor_id = $2 and key = $3""",
        account_id,
        actor_id,
        key,
    )
    return Kept(row["request_hash"], JobId(row["job_id"])) if row else None


async def write(
    connection: Connection,
    account_id: AccountId,
    actor_id: UserId,
    key: str,
    request_hash: bytes,
    job_id: JobId,
) -> None:
    await connection.execute(
        """insert into idempotency_key (account_id, actor_id, key, request_hash, job_id)
           values ($1, $2, $3, $4, $5)""",
        account_id,
        actor_id,
        key,
        request_hash,
        job_id,
    )
