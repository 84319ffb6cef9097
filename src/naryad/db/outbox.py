"""Push intents, written with the change that is their reason: a crash can neither lose nor invent one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from naryad.db.pool import Connection
from naryad.domain.change import Change
from naryad.domain.ids import AccountId, DeviceId, IntentId, JobId, UserId
from naryad.domain.push_channel import SILENT_CAPABLE
from naryad.domain.push_rules import STRONGEST_FIRST, Reason, strongest
from naryad.uuid7 import uuid7

ONE_MORE_AFTER = timedelta(seconds=3)
"""A push goes at once; what changes within this time after it becomes one more."""


@dataclass(frozen=True, slots=True)
class Intent:
    """Tell this worker of this job, up to this version.

    `made_on`: the change is the worker's own, made on this device. The worker's other devices wake silently.
    """

    id: IntentId
    worker_id: UserId
    job_id: JobId
    version: int
    reason: Reason
    made_on: DeviceId | None
    created_at: datetime

    @staticmethod
    def of(
        change: Change, job_id: JobId, worker_id: UserId, reason: Reason, made_on: DeviceId | None = None
    ) -> "Intent":
        return Intent(
            IntentId(uuid7()), worker_id, job_id, change.version, reason, made_on, change.recorded_at
        )


async def add_intents(connection: Connection, account_id: AccountId, intents: Sequence[Intent]) -> None:
    """Inside the transaction of the changes, under the account's lock.

    An intent joins the pending one of the same worker, job and `made_on`, if there is one. A silent one is
    written only where another device of the worker is registered that can be woken silently.
    """
    told = _one_each(intents)
    if not told:
        return
    await connection.execute(
        """insert into push_intent (account_id, id, worker_id, job_id, version, reason, made_on,
                                    created_at, due_at)
           select $1, one.id, one.worker_id, one.job_id, one.version, one.reason, one.made_on, one.created_at,
                  greatest(one.created_at, (select max(due_at) + $9 from push_intent before
                                            where before.account_id = $1 and before.job_id = one.job_id
                                              and before.worker_id = one.worker_id
                                              and before.made_on is not distinct from one.made_on))
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::uuid[],
                       $8::timestamptz[])
                as one (id, worker_id, job_id, version, reason, made_on, created_at)
           where one.made_on is null or exists (
             select from push_registration r
             join device d on d.account_id = $1 and d.id = r.device_id
             where r.account_id = $1 and d.worker_id = one.worker_id and d.id <> one.made_on
               and r.state = 'on' and r.channel = any ($11::text[]))
           on conflict (account_id, worker_id, job_id, made_on) where state = 'pending' do update set
             version = excluded.version,
             reason = case when array_position($10::text[], excluded.reason)
                              < array_position($10::text[], push_intent.reason)
                           then excluded.reason else push_intent.reason end""",
        account_id,
        [one.id for one in told],
        [one.worker_id for one in told],
        [one.job_id for one in told],
        [one.version for one in told],
        [one.reason for one in told],
        [one.made_on for one in told],
        [one.created_at for one in told],
        ONE_MORE_AFTER,
        list(STRONGEST_FIRST),
        sorted(SILENT_CAPABLE),
    )


def _one_each(intents: Sequence[Intent]) -> Sequence[Intent]:
    """One for each worker, job and device it was made on: the newest version, the strongest reason."""
    kept: dict[tuple[UserId, JobId, DeviceId | None], Intent] = {}
    for one in intents:
        key = (one.worker_id, one.job_id, one.made_on)
        before = kept.get(key, one)
        kept[key] = replace(one, reason=strongest((before.reason, one.reason)))
    return list(kept.values())
