"""Receipts of operations: what makes a repeated operation harmless."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from naryad.db.pool import Connection
from naryad.domain.ids import AccountId, DeviceId, JobId, OperationId
from naryad.domain.json import JsonObject


@dataclass(frozen=True, slots=True)
class Receipt:
    """An operation as it came, and the result it was answered with."""

    seq: int
    id: OperationId
    job_id: JobId | None
    body: JsonObject
    result: dict[str, Any]


async def find(
    connection: Connection,
    account_id: AccountId,
    device_id: DeviceId,
    seqs: Collection[int],
    ids: Collection[OperationId],
) -> list[Receipt]:
    """Receipts of a device by number or by id."""
    rows = await connection.fetch(
        """select seq, id, job_id, body, result from operation
           where account_id = $1 and device_id = $2 and (seq = any ($3::bigint[]) or id = any ($4::uuid[]))
           order by seq""",
        account_id,
        device_id,
        list(seqs),
        list(ids),
    )
    return [
        Receipt(
            row["seq"],
            OperationId(row["id"]),
            JobId(row["job_id"]) if row["job_id"] else None,
            row["body"],
            row["result"],
        )
        for row in rows
    ]


async def write(
    connection: Connection, account_id: AccountId, device_id: DeviceId, receipts: Sequence[Receipt]
) -> None:
    await connection.executemany(
        """insert into operation (account_id, device_id, seq, id, job_id, body, result)
           values ($1, $2, $3, $4, $5, $6, $7)""",
        [(account_id, device_id, one.seq, one.id, one.job_id, one.body, one.result) for one in receipts],
    )
