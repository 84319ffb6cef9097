"""Doing what one operation asks: the worker's half of the merge (DESIGN 4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import assert_never

from naryad.actions.jobs import foreign_changes, invalid_resolution
from naryad.actions.ledger import Ledger
from naryad.actions.photos import as_it_is_here
from naryad.actions.plan import template_of, value_errors
from naryad.db import history
from naryad.domain.change import Actor, ChangeKind
from naryad.domain.conflict import Sides, sides
from naryad.domain.ids import UserId
from naryad.domain.instant import to_text
from naryad.domain.job import Job
from naryad.domain.json import Json, JsonObject
from naryad.domain.merge import merge
from naryad.domain.moves import move, resolution_to_finish
from naryad.domain.operation import (
    AddComment,
    AddPhoto,
    Operation,
    RemovePhoto,
    SetReport,
    SetState,
    Status,
    corrected,
)
from naryad.domain.refusals import Refusal, Slug
from naryad.domain.restored import known_version
from naryad.domain.states import JobState
from naryad.domain.transitions import Party
from naryad.domain.visibility import viewers


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an operation. `version` is the job's after it, `problem` why it was refused."""

    status: Status
    version: int | None
    overrode: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    sides: Mapping[str, Sides] = field(default_factory=dict)  # what a conflict card tells
    problem: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """The worker and the device an operation comes from, and how far the device's clock is off.

    `of_this_epoch`: the device is known to have synced since the last restore from backup.
    """

    actor: Actor
    worker: UserId
    skew: timedelta
    of_this_epoch: bool = True


async def perform(ledger: Ledger, hand: Hand, operation: Operation) -> Outcome:
    """Raises Refusal: job-not-found, job-gone, not-editor, or what the intent's own rules refuse."""
    base = known_version(operation.base_version, ledger.account.restored, of_this_epoch=hand.of_this_epoch)
    operation = replace(operation, base_version=base)
    job, taken_away = await _job(ledger, hand, operation)
    match operation.intent:
        case SetState() as intent:
            if taken_away:
                raise Refusal(
                    Slug.JOB_GONE, "The job was taken away; its state is no longer yours to change."
                )
            return await _set_state(ledger, hand, operation, job, intent)
        case SetReport(fields):
            errors = value_errors(await template_of(ledger, job.fields), fields)
            if errors:
                raise Refusal(Slug.INVALID_OPERATION, "Some values do not fit their fields.", errors=errors)
            return await _write(ledger, hand, operation, job, fields, ChangeKind.REPORT, taken_away)
        case AddPhoto(photo_id, photo):
            name = f"photos.{photo_id}"
            held = job.fields.get(name)
            write: JsonObject = {} if held is not None else {name: await as_it_is_here(ledger, job, photo)}
            return await _write(ledger, hand, operation, job, write, ChangeKind.PHOTO, taken_away)
        case RemovePhoto(photo_id):
            write = {f"photos.{photo_id}": None}
            return await _write(ledger, hand, operation, job, write, ChangeKind.PHOTO, taken_away)
        case AddComment(comment_id, text):
            comment: dict[str, Json] = {
                "id": str(comment_id),
                "author_id": str(hand.worker),
                "text": text,
                "happened_at": to_text(corrected(operation.happened_at, hand.skew, ledger.now)),
            }
            name = f"comments.{comment_id}"
            write = {} if name in job.fields else {name: comment}
            return await _write(ledger, hand, operation, job, write, ChangeKind.COMMENT, taken_away)
        case _:
            assert_never(operation.intent)


async def _job(ledger: Ledger, hand: Hand, operation: Operation) -> tuple[Job, bool]:
    """The job, and whether it was taken from this worker meanwhile."""
    job = await ledger.job(operation.job_id)
    if job is not None and hand.worker in viewers(job):
        assignee = job.assignee(hand.worker)
        if isinstance(operation.intent, SetState | SetReport) and not (assignee and assignee.can_edit):
            raise Refusal(Slug.NOT_EDITOR, "Another worker of this job edits its state and report.")
        return job, False
    if not await history.was_seen_by(ledger.connection, ledger.account.id, operation.job_id, hand.worker):
        raise Refusal(Slug.JOB_NOT_FOUND, "There is no such job on this phone.")
    if job is None:
        raise Refusal(Slug.JOB_GONE, "The job was deleted.")
    return job, True


async def _set_state(ledger: Ledger, hand: Hand, operation: Operation, job: Job, intent: SetState) -> Outcome:
    if job.state is intent.state:
        foreign = await foreign_changes(ledger, job, {"state": None}, operation.base_version, hand.actor)
        return Outcome(Status.MERGED if foreign else Status.APPLIED, job.version)
    template = await template_of(ledger, job.fields)
    chosen = template.resolution(intent.resolution_id) if template and intent.resolution_id else None
    happened_at = corrected(operation.happened_at, hand.skew, ledger.now)
    write = move(job, intent.state, Party.WORKER, happened_at, chosen)
    if intent.state is JobState.FINISHED:
        if intent.resolution_id and template and template.resolutions and chosen is None:
            raise invalid_resolution()
        resolution_to_finish(job, template, chosen)
    foreign = await foreign_changes(ledger, job, {"state": None}, operation.base_version, hand.actor)
    after = ledger.write(job, write, ChangeKind.STATE, hand.actor, happened_at=happened_at)
    return Outcome(
        Status.MERGED if foreign else Status.APPLIED,
        after.version,
        overrode=tuple(foreign),
        sides=sides(job.fields, after.fields, foreign, {}),
    )


async def _write(
    ledger: Ledger,
    hand: Hand,
    operation: Operation,
    job: Job,
    wanted: JsonObject,
    kind: ChangeKind,
    taken_away: bool,
) -> Outcome:
    foreign = await foreign_changes(ledger, job, wanted, operation.base_version, hand.actor)
    merged = merge(job, wanted, Party.WORKER, foreign)
    after = ledger.write(
        job,
        merged.write,
        kind,
        hand.actor,
        happened_at=corrected(operation.happened_at, hand.skew, ledger.now),
        late=taken_away,
        lost=merged.lost,
    )
    status = Status.LATE if taken_away else Status.MERGED if merged.concurrent else Status.APPLIED
    replaced = merged.write if taken_away else merged.overrode
    both = sides(job.fields, after.fields, replaced, merged.lost or {})
    return Outcome(status, after.version, merged.overrode, tuple(merged.lost or ()), both)
