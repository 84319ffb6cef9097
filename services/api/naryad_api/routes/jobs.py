"""Jobs at the desk (DESIGN 4.2)."""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.responses import JSONResponse

from naryad.actions import jobs as actions
from naryad.actions.jobs import Repeatable
from naryad.db import accounts, conflicts, history, jobs
from naryad.db.conflicts import ConflictFilter
from naryad.db.job_list import JobFilter, list_jobs
from naryad.db.pool import Database
from naryad.db.push_ladder import pushes_of_job
from naryad.domain.cursor import Position
from naryad.domain.ids import AccountId, ConflictId, JobId, UserId
from naryad.domain.job import Job
from naryad.domain.refusals import FieldError, Refusal, Slug, not_found
from naryad.domain.states import JobState
from naryad.uuid7 import uuid7
from naryad.wire import change_json, conflict_json, job_json, push_json
from naryad_api.deps import DatabaseDep, Desk, StoresDep, actor
from naryad_api.errors import problems
from naryad_api.shapes.base import Instant
from naryad_api.shapes.conflicts import JobConflictsAnswer
from naryad_api.shapes.jobs import (
    EditedJobAnswer,
    HistoryAnswer,
    JobAnswer,
    JobCreate,
    JobPatch,
    JobsAnswer,
    PushesAnswer,
    StateChange,
)

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

EXTERNAL = "external:"


@router.get("", response_model=JobsAnswer, responses=problems(401, 403))
async def list_(
    session: Desk,
    database: DatabaseDep,
    state: Annotated[list[JobState] | None, Query()] = None,
    worker: UUID | None = None,
    scheduled_from: Instant | None = None,
    scheduled_to: Instant | None = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """The newest jobs first. `position` was read before the data: give it to the event stream."""
    wanted = JobFilter(
        states=state,
        worker=UserId(worker) if worker else None,
        scheduled_from=scheduled_from,
        scheduled_to=scheduled_to,
        text=q,
        after=JobId(after) if after else None,
    )
    async with database.snapshot(session.account_id) as connection:
        account = await accounts.get(connection, session.account_id)
        head = await accounts.head(connection, session.account_id)
        found = await list_jobs(connection, session.account_id, wanted, limit)
    return JSONResponse(
        {
            "jobs": [job_json(one) for one in found],
            "next": str(found[-1].id) if len(found) == limit else None,
            "position": str(Position(account.epoch, head.version)),
        }
    )


@router.post("", status_code=201, response_model=JobAnswer, responses=problems(400, 401, 403, 409, 413))
async def create(
    request: Request,
    body: JobCreate,
    session: Desk,
    stores: StoresDep,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """Create a job. The same `Idempotency-Key` again answers the same job."""
    repeatable = None
    if idempotency_key:
        repeatable = Repeatable(idempotency_key, hashlib.sha256(await request.body()).digest())
    job = await actions.create_job(
        stores,
        session.account_id,
        actor(session),
        JobId(body.id or uuid7()),
        body.fields(),
        body.state,
        repeatable,
    )
    return JSONResponse(job_json(job), 201, headers={"Location": f"/v1/jobs/{job.id}", "ETag": etag_of(job)})


@router.get("/{id}", response_model=JobAnswer, responses=problems(401, 403, 404))
async def read(id: str, session: Desk, database: DatabaseDep) -> Response:
    """One job, by its id or `external:<external_id>`."""
    job_id = await find_job_id(database, session.account_id, id)
    async with database.snapshot(session.account_id) as connection:
        job = (await jobs.get(connection, session.account_id, [job_id])).get(job_id)
    if job is None:
        raise not_found()
    return JSONResponse(job_json(job), headers={"ETag": etag_of(job)})


@router.patch("/{id}", response_model=EditedJobAnswer, responses=problems(400, 401, 403, 404, 409, 412, 413))
async def edit(
    id: str,
    body: JobPatch,
    session: Desk,
    stores: StoresDep,
    database: DatabaseDep,
    if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> Response:
    """Change fields, merged one by one against `base_version`; `If-Match` asks for all or nothing."""
    job, merged = await actions.edit_job(
        stores,
        session.account_id,
        actor(session),
        await find_job_id(database, session.account_id, id),
        body.fields(),
        body.base_version,
        _version(if_match),
    )
    merge = {"overrode": list(merged.overrode), "lost": list(merged.lost or ())}
    return JSONResponse({**job_json(job), "merge": merge}, headers={"ETag": etag_of(job)})


@router.post("/{id}/state", response_model=JobAnswer, responses=problems(400, 401, 403, 404, 409, 413))
async def move(
    id: str, body: StateChange, session: Desk, stores: StoresDep, database: DatabaseDep
) -> Response:
    """Publish, unpublish, finish, cancel or reopen a job."""
    job_id = await find_job_id(database, session.account_id, id)
    job = await actions.move_job(
        stores, session.account_id, actor(session), job_id, body.to, body.resolution_id
    )
    return JSONResponse(job_json(job), headers={"ETag": etag_of(job)})


@router.delete("/{id}", status_code=204, responses=problems(401, 403, 404))
async def delete(id: str, session: Desk, stores: StoresDep, database: DatabaseDep) -> Response:
    """Delete a job; its history stays readable."""
    job_id = await find_job_id(database, session.account_id, id)
    await actions.delete_job(stores, session.account_id, actor(session), job_id)
    return Response(status_code=204)


@router.get("/{id}/history", response_model=HistoryAnswer, responses=problems(401, 403, 404))
async def read_history(
    id: str,
    session: Desk,
    database: DatabaseDep,
    after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """What happened to a job, the oldest first; also to a deleted one."""
    job_id = await find_job_id(database, session.account_id, id)
    async with database.snapshot(session.account_id) as connection:
        changes = await history.of_job(connection, session.account_id, job_id, after, limit)
        if not changes and not await history.knows_job(connection, session.account_id, job_id):
            raise not_found()
    next_ = changes[-1].version if len(changes) == limit else None
    return JSONResponse({"changes": [change_json(one) for one in changes], "next": next_})


@router.get("/{id}/pushes", response_model=PushesAnswer, responses=problems(401, 403, 404))
async def read_pushes(id: str, session: Desk, database: DatabaseDep) -> Response:
    """Whom a push told of this job, on which phone, and what became of it."""
    job_id = await find_job_id(database, session.account_id, id)
    async with database.snapshot(session.account_id) as connection:
        if not await history.knows_job(connection, session.account_id, job_id):
            raise not_found()
        pushes = await pushes_of_job(connection, session.account_id, job_id)
    return JSONResponse({"pushes": [push_json(one) for one in pushes]})


@router.get("/{id}/conflicts", response_model=JobConflictsAnswer, responses=problems(401, 403, 404))
async def read_conflicts(
    id: str,
    session: Desk,
    database: DatabaseDep,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """The conflict cards of a job, open and closed, the newest first; also of a deleted one."""
    job_id = await find_job_id(database, session.account_id, id)
    wanted = ConflictFilter(job=job_id, after=ConflictId(after) if after else None)
    async with database.snapshot(session.account_id) as connection:
        found, more = await conflicts.page(connection, session.account_id, wanted, limit)
        if not found and not await history.knows_job(connection, session.account_id, job_id):
            raise not_found()
    next_ = str(found[-1].id) if more else None
    return JSONResponse({"conflicts": [conflict_json(one) for one in found], "next": next_})


async def find_job_id(database: Database, account_id: AccountId, named: str) -> JobId:
    """The id that a path names, also as `external:…`. Raises Refusal: not-found."""
    if named.startswith(EXTERNAL):
        async with database.account(account_id) as connection:
            found = await jobs.id_of_external(connection, account_id, named[len(EXTERNAL) :])
        if found is None:
            raise not_found()
        return found
    try:
        return JobId(UUID(named))
    except ValueError:
        raise not_found() from None


def etag_of(job: Job) -> str:
    return f'"{job.version}"'


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Refusal(
            Slug.INVALID_REQUEST,
            'If-Match takes the version of the job in quotes: "5841".',
            errors=(FieldError("/header/if-match", "a quoted version is expected"),),
        )
    return int(text)
