"""Who is told of a change by a push, and why: R14 to R17."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast
from zoneinfo import ZoneInfo

from naryad.domain.change import Change
from naryad.domain.ids import UserId
from naryad.domain.instant import from_text
from naryad.domain.job import Job
from naryad.domain.json import Json, JsonObject
from naryad.domain.states import UNDER_WAY, JobState
from naryad.domain.visibility import viewers
from naryad.domain.workday import is_today


class Reason(StrEnum):
    """Why a push is sent, the strongest first."""

    ASSIGNED = "assigned"
    STATE = "state"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A worker, and the zone in which the worker's day is judged."""

    id: UserId
    zone: ZoneInfo


def reason_to_push(change: Change, job: Job, worker: Recipient, now: datetime) -> Reason | None:
    """Why `worker` is to be told of `change`, which led to `job`; None: no push."""
    if change.actor.id == worker.id:
        return None  # nobody is told of their own doing
    if worker.id not in viewers(job):
        return None  # unassigned, unpublished or deleted: nothing to open
    if not is_today(job.scheduled_at, job.scheduled_minutes, worker.zone, now):
        return None  # R14: only jobs of the current day
    if newly_assigned(change, job, worker, now):
        return Reason.ASSIGNED  # R15
    if has_changed(change, "state"):
        return Reason.STATE  # R17
    if job.state in UNDER_WAY and any(has_changed(change, name) for name in change.fields):
        return Reason.CHANGED  # R16
    return None


def newly_assigned(change: Change, job: Job, worker: Recipient, now: datetime) -> bool:
    """R15: assigned just now; or assigned before, and published, reopened or moved onto today just now."""
    assigned_before = str(worker.id) in _workers(_old(change, job, "assignees"))
    if not assigned_before or _was_put_on_phones(change):
        return True
    start, minutes = _old(change, job, "scheduled_at"), _old(change, job, "scheduled_duration")
    scheduled_before = from_text(start) if isinstance(start, str) else None
    return not is_today(scheduled_before, cast(int, minutes or 0), worker.zone, now)


def _was_put_on_phones(change: Change) -> bool:
    step = change.fields.get("state")
    return step is not None and step["new"] == JobState.PUBLISHED


def has_changed(change: Change, name: str) -> bool:
    step = change.fields.get(name)
    return step is not None and step["old"] != step["new"]


def _old(change: Change, job: Job, name: str) -> Json:
    step = change.fields.get(name)
    return step["old"] if step else job.fields.get(name)


def _workers(assignees: Json) -> list[str]:
    return [cast(str, one["worker_id"]) for one in cast("Sequence[JsonObject]", assignees or ())]
