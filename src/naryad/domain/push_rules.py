"""When a change is worth a push, and why (R14 to R17, with the decisions in DESIGN 1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from naryad.domain.change import ActorKind, Change, ChangeKind
from naryad.domain.ids import UserId
from naryad.domain.job import Job, group_of
from naryad.domain.json import JsonObject, same
from naryad.domain.states import CLOSED, UNDER_WAY
from naryad.domain.visibility import viewers
from naryad.domain.workday import is_today


class Reason(StrEnum):
    ASSIGNED = "assigned"
    STATE = "state"
    CHANGED = "changed"


STRONGEST_FIRST = (Reason.ASSIGNED, Reason.STATE, Reason.CHANGED)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A worker who might be told, and the zone of the worker's day."""

    id: UserId
    zone: ZoneInfo


def reason_to_push(change: Change, job: Job, worker: Recipient, now: datetime) -> Reason | None:
    """Why `worker` is to be told of `change`, `job` being the job after it; None when not at all."""
    if _is_own(change, worker):
        return None  # not to the user who made the change
    return _reason(change, job, worker, now)


def reason_to_wake(change: Change, job: Job, worker: Recipient, now: datetime) -> Reason | None:
    """Why the other devices of `worker` wake silently: for a change of the worker's own, made on a device,
    that would be told if it were another's. None when not at all.
    """
    if not _is_own(change, worker) or change.actor.device_id is None:
        return None
    return _reason(change, job, worker, now)


def _is_own(change: Change, worker: Recipient) -> bool:
    return change.actor.kind is ActorKind.USER and change.actor.id == worker.id


def _reason(change: Change, job: Job, worker: Recipient, now: datetime) -> Reason | None:
    if worker.id not in viewers(job):
        return None  # unassigned, unpublished, not published yet, retired

    # R14: only for jobs scheduled for the current day
    if not is_jobs_day(job, worker.zone, now):
        return None

    before = _before(change, job)
    state_changed = before is not None and before.state is not job.state
    closed_now = state_changed and job.state in CLOSED

    # R15: newly assigned; so is what was published, reopened or moved onto today
    if not closed_now and (not _had_it_today(before, worker, now) or _reopened(before, job)):
        return Reason.ASSIGNED

    # R17: the state changed; canceling is a change of state, and so is a co-worker's
    if state_changed:
        return Reason.STATE

    # R16: a field was updated of a job that is En route, Started or Paused
    if job.state in UNDER_WAY and before is not None and not same(_written(before), _written(job)):
        return Reason.CHANGED

    return None


def is_jobs_day(job: Job, zone: ZoneInfo, now: datetime) -> bool:
    """R14: whether the job is one of today's, in the worker's zone."""
    return job.scheduled_at is not None and is_today(job.scheduled_at, job.scheduled_minutes, zone, now)


def strongest(reasons: Iterable[Reason]) -> Reason:
    """Of several reasons told in one push, the one it names."""
    return min(reasons, key=STRONGEST_FIRST.index)


def _had_it_today(before: Job | None, worker: Recipient, now: datetime) -> bool:
    return before is not None and worker.id in viewers(before) and is_jobs_day(before, worker.zone, now)


def _reopened(before: Job | None, job: Job) -> bool:
    return before is not None and before.state in CLOSED and job.state not in CLOSED


def _written(job: Job) -> JsonObject:
    """What people wrote into a job: that the bytes of a photo arrived is no update of a field."""
    return {
        name: {key: member for key, member in value.items() if key not in ("state", "reason", "size")}
        if isinstance(value, Mapping) and group_of(name) == "photos"
        else value
        for name, value in job.fields.items()
    }


def _before(change: Change, job: Job) -> Job | None:
    """The job as it was before the change; None when the change created it."""
    if change.kind is ChangeKind.CREATED:
        return None
    fields = dict(job.fields)
    for name, step in change.fields.items():
        if step["old"] is None:
            fields.pop(name, None)
        else:
            fields[name] = step["old"]
    return replace(job, fields=fields)
