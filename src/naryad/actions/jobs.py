"""What the desk does with jobs."""

from dataclasses import dataclass
from uuid import UUID

from naryad.actions.ledger import Ledger, Stores, open_ledger
from naryad.actions.plan import check_assignees, check_values, state_by_date, template_of
from naryad.db import history, idempotency, jobs
from naryad.domain.change import Actor, ActorKind, ChangeKind
from naryad.domain.ids import AccountId, JobId
from naryad.domain.job import Job
from naryad.domain.json import Json, JsonObject, is_empty
from naryad.domain.merge import Merge, merge, younger_fields
from naryad.domain.moves import move, resolution_to_finish
from naryad.domain.refusals import FieldError, Refusal, Slug, not_found
from naryad.domain.restored import known_version
from naryad.domain.states import PLANNED, JobState
from naryad.domain.transitions import Party


@dataclass(frozen=True, slots=True)
class Repeatable:
    """An Idempotency-Key: the same request again finds its first answer."""

    key: str
    request_hash: bytes


async def create_job(
    stores: Stores,
    account_id: AccountId,
    by: Actor,
    job_id: JobId,
    fields: JsonObject,
    state: JobState | None = None,
    repeatable: Repeatable | None = None,
) -> Job:
    """Create a job from its plan fields; `state` up to published, by default what the date says.

    Raises Refusal: already-exists, date-required, invalid-request.
    """
    async with open_ledger(stores, account_id) as ledger:
        if repeatable and (first := await _first_answer(ledger, by, repeatable)):
            return first
        if await ledger.job(job_id):
            raise Refusal(
                Slug.ALREADY_EXISTS, "A job with this id exists.", errors=(FieldError("/id", "taken"),)
            )
        await _external_id_is_free(ledger, fields, job_id)
        plan = await _checked_plan(ledger, fields)
        plan["state"] = _first_state(state, dated=plan.get("scheduled_at") is not None)
        job = ledger.create(job_id, {name: value for name, value in plan.items() if not is_empty(value)}, by)
        if repeatable:
            assert by.id is not None
            await idempotency.write(
                ledger.connection, account_id, by.id, repeatable.key, repeatable.request_hash, job_id
            )
    return job


async def edit_job(
    stores: Stores,
    account_id: AccountId,
    by: Actor,
    job_id: JobId,
    fields: JsonObject,
    base_version: int | None = None,
    if_version: int | None = None,
) -> tuple[Job, Merge]:
    """Change fields of a job (null clears), merged field by field against `base_version`.

    `if_version` asks for all or nothing instead. Raises Refusal: not-found, version-mismatch,
    date-required, already-exists, invalid-request.
    """
    async with open_ledger(stores, account_id) as ledger:
        job = await _job(ledger, job_id)
        if if_version is not None and if_version != job.version:
            raise Refusal(
                Slug.VERSION_MISMATCH, f"The job is at version {job.version}.", extra={"version": job.version}
            )
        return await edit(ledger, job, fields, by, base_version)


async def edit(
    ledger: Ledger, job: Job, fields: JsonObject, by: Actor, base_version: int | None = None
) -> tuple[Job, Merge]:
    """Write fields of a job as the desk. Raises Refusal: date-required, already-exists, invalid-request."""
    await _external_id_is_free(ledger, fields, job.id)
    wanted = await _checked_plan(ledger, fields, job)
    foreign = await foreign_changes(ledger, job, wanted, base_version, by)
    merged = merge(job, wanted, Party.DISPATCHER, foreign)
    write = dict(merged.write)
    if "scheduled_at" in write:
        write["state"] = state_by_date(job.state, scheduled=write["scheduled_at"] is not None)
    return ledger.write(job, write, ChangeKind.EDITED, by, lost=merged.lost), merged


async def move_job(
    stores: Stores, account_id: AccountId, by: Actor, job_id: JobId, to: JobState, resolution_id: UUID | None
) -> Job:
    """Move a job to another state as the desk. Asking for the state it is in changes nothing.

    Raises Refusal: not-found, impossible-transition, date-required, resolution-required,
    report-incomplete, invalid-request.
    """
    async with open_ledger(stores, account_id) as ledger:
        job = await _job(ledger, job_id)
        if job.state is to:
            return job
        template = await template_of(ledger, job.fields)
        chosen = template.resolution(resolution_id) if template and resolution_id else None
        if resolution_id and chosen is None:
            raise invalid_resolution()
        write = move(job, to, Party.DISPATCHER, ledger.now, chosen)
        if to is JobState.FINISHED:
            resolution_to_finish(job, template, chosen)
        return ledger.write(job, write, ChangeKind.STATE, by)


async def delete_job(stores: Stores, account_id: AccountId, by: Actor, job_id: JobId) -> None:
    """Delete a job; its history stays. Raises Refusal: not-found."""
    async with open_ledger(stores, account_id) as ledger:
        ledger.delete(await _job(ledger, job_id), by)


async def foreign_changes(
    ledger: Ledger, job: Job, wanted: JsonObject, base_version: int | None, by: Actor
) -> dict[str, Party]:
    """Of the wanted fields, those that another hand changed last since `base_version`, and whose hand."""
    if base_version is None:
        return {}
    base_version = known_version(base_version, ledger.account.restored, of_this_epoch=True)
    younger = younger_fields(job, wanted, base_version)
    actors = await history.actors_of(ledger.connection, ledger.account.id, set(younger.values()))
    return {
        name: Party.WORKER if actors[version].device_id else Party.DISPATCHER
        for name, version in younger.items()
        if version in actors
        and not actors[version].is_same(by)
        and actors[version].kind is not ActorKind.SYSTEM  # bytes that arrived are nobody's contradiction
    }


def invalid_resolution() -> Refusal:
    return Refusal(
        Slug.INVALID_REQUEST,
        "The job's template has no such resolution.",
        errors=(FieldError("/resolution_id", "unknown"),),
    )


async def _job(ledger: Ledger, job_id: JobId) -> Job:
    job = await ledger.job(job_id)
    if job is None:
        raise not_found()
    return job


async def _checked_plan(ledger: Ledger, fields: JsonObject, job: Job | None = None) -> dict[str, Json]:
    plan = dict(fields)
    if "assignees" in plan:
        plan["assignees"] = await check_assignees(ledger, plan) or None
    held = job.fields if job else {}
    check_values(await template_of(ledger, {**held, **plan}), plan)
    return plan


async def _external_id_is_free(ledger: Ledger, fields: JsonObject, job_id: JobId) -> None:
    external_id = fields.get("external_id")
    if not isinstance(external_id, str):
        return
    holder = await jobs.id_of_external(ledger.connection, ledger.account.id, external_id)
    if holder not in (None, job_id):
        raise Refusal(
            Slug.ALREADY_EXISTS,
            "Another job has this external_id.",
            errors=(FieldError("/external_id", "taken"),),
            extra={"id": str(holder)},
        )


async def _first_answer(ledger: Ledger, by: Actor, repeatable: Repeatable) -> Job | None:
    assert by.id is not None
    found = await idempotency.find(ledger.connection, ledger.account.id, by.id, repeatable.key)
    if found is None:
        return None
    if found.request_hash != repeatable.request_hash:
        raise Refusal(Slug.INVALID_REQUEST, "This Idempotency-Key was used for another request.")
    return await _job(ledger, found.job_id)


def _first_state(asked: JobState | None, *, dated: bool) -> JobState:
    by_date = JobState.SCHEDULED if dated else JobState.POSTED
    if asked is None or (asked in PLANNED and asked is by_date):
        return by_date
    if asked is JobState.POSTED:
        raise Refusal(
            Slug.INVALID_REQUEST,
            "A job with a date is scheduled.",
            errors=(FieldError("/state", "scheduled"),),
        )
    if asked not in (JobState.SCHEDULED, JobState.PUBLISHED):
        raise Refusal(
            Slug.INVALID_REQUEST,
            "A new job is posted, scheduled or published.",
            errors=(FieldError("/state", "posted, scheduled or published"),),
        )
    if not dated:
        raise Refusal(
            Slug.DATE_REQUIRED,
            f"A job without a date cannot be {asked}.",
            errors=(FieldError("/scheduled_at", "required"),),
        )
    return asked
