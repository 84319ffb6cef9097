"""Who was told of a job, on which phone, and what became of it: for the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from naryad.db.pool import Connection
from naryad.domain.ids import AccountId, DeviceId, JobId, UserId
from naryad.domain.push_rules import Reason

MOST = 200


@dataclass(frozen=True, slots=True)
class Push:
    """One message to one phone; without a device while none is known, or when there was none to tell."""

    id: UUID
    worker_id: UserId
    worker_name: str
    device_id: DeviceId | None
    device_name: str | None
    channel: str | None
    reason: Reason
    state: Literal["pending", "sent", "dead", "skipped"]
    detail: str | None  # why it was not sent, or of the channel `recording` why it was only recorded
    silent: bool  # wakes the app and shows nothing
    created_at: datetime
    sent_at: datetime | None


async def pushes_of_job(connection: Connection, account_id: AccountId, job_id: JobId) -> list[Push]:
    """The latest pushes of a job, the newest first."""
    rows = await connection.fetch(
        """select coalesce(d.id, i.id) as id, i.worker_id, u.name as worker_name, d.device_id,
                  v.name as device_name, d.channel, i.reason,
                  coalesce(d.state, case i.state when 'pending' then 'pending' else 'skipped' end) as state,
                  coalesce(d.detail, d.only_recorded, i.detail) as detail, i.made_on is not null as silent,
                  i.created_at, d.sent_at
           from push_intent i
           join account_user u on u.account_id = $1 and u.id = i.worker_id
           left join push_delivery d on d.account_id = $1 and d.intent_id = i.id
           left join device v on v.account_id = $1 and v.id = d.device_id
           where i.account_id = $1 and i.job_id = $2 and (i.made_on is null or d.id is not null)
           order by i.created_at desc, i.id desc, d.id limit $3""",
        account_id,
        job_id,
        MOST,
    )
    return [
        Push(
            id=row["id"],
            worker_id=UserId(row["worker_id"]),
            worker_name=row["worker_name"],
            device_id=DeviceId(row["device_id"]) if row["device_id"] else None,
            device_name=row["device_name"],
            channel=row["channel"],
            reason=Reason(row["reason"]),
            state=row["state"],
            detail=row["detail"],
            silent=row["silent"],
            created_at=row["created_at"],
            sent_at=row["sent_at"],
        )
        for row in rows
    ]
