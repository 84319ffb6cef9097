"""Push intents, written with the change that is their reason: a crash can neither lose nor invent one."""

from collections.abc import Sequence
from dataclasses import dataclass

from naryad.db.pool import Connection
from naryad.domain.change import Change
from naryad.domain.ids import AccountId, DeviceId, IntentId, JobId, UserId
from naryad.domain.push_rules import Reason
from naryad.uuid7 import uuid7


@dataclass(frozen=True, slots=True)
class Intent:
    """Tell this worker of this job. `by_*` is whose doing it was."""

    id: IntentId
    worker_id: UserId
    job_id: JobId
    version: int
    reason: Reason
    by_user: UserId | None
    by_device: DeviceId | None

    @staticmethod
    def of(change: Change, job_id: JobId, worker_id: UserId, reason: Reason) -> "Intent":
        return Intent(
            IntentId(uuid7()),
            worker_id,
            job_id,
            change.version,
            reason,
            change.actor.id,
            change.actor.device_id,
        )


async def add_intents(connection: Connection, account_id: AccountId, intents: Sequence[Intent]) -> None:
    """Inside the transaction of the changes."""
    await connection.executemany(
        """insert into push_intent (account_id, id, worker_id, job_id, version, reason, by_user, by_device)
           values ($1, $2, $3, $4, $5, $6, $7, $8)""",
        [
            (
                account_id,
                one.id,
                one.worker_id,
                one.job_id,
                one.version,
                one.reason,
                one.by_user,
                one.by_device,
            )
            for one in intents
        ],
    )


async def pushes_of_job(connection: Connection, account_id: AccountId, job_id: JobId) -> list[object]:
    """Filled in with the pusher."""
    return []
