"""Conflict cards at the desk (DESIGN 4.3)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.responses import JSONResponse

from naryad.actions import conflicts as actions
from naryad.db import conflicts
from naryad.db.conflicts import ConflictFilter
from naryad.domain.conflict import Take
from naryad.domain.ids import ConflictId, JobId, UserId
from naryad.wire import conflict_json
from naryad_api.deps import DatabaseDep, Desk, StoresDep, actor
from naryad_api.errors import problems
from naryad_api.shapes.conflicts import ConflictAnswer, ConflictsAnswer, Resolve

router = APIRouter(prefix="/v1/conflicts", tags=["conflicts"])


@router.get("", response_model=ConflictsAnswer, responses=problems(401, 403))
async def list_conflicts(
    session: Desk,
    database: DatabaseDep,
    open: bool | None = None,
    job: UUID | None = None,
    worker: UUID | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """What of the workers' work was refused, lost, late, or replaced another's value. The newest first.

    A page holds at most about 1 MB, and one card in any case: `next` says whether there are more.
    """
    wanted = ConflictFilter(
        open=open,
        job=JobId(job) if job else None,
        worker=UserId(worker) if worker else None,
        after=ConflictId(after) if after else None,
    )
    async with database.snapshot(session.account_id) as connection:
        found, more = await conflicts.page(connection, session.account_id, wanted, limit)
        open_count = await conflicts.open_count(connection, session.account_id)
    return JSONResponse(
        {
            "conflicts": [conflict_json(one) for one in found],
            "next": str(found[-1].id) if more else None,
            "open": open_count,
        }
    )


@router.post(
    "/{conflict_id}/resolve",
    response_model=ConflictAnswer,
    responses=problems(400, 401, 403, 404, 409, 412, 413),
)
async def resolve(conflict_id: UUID, body: Resolve, session: Desk, stores: StoresDep) -> Response:
    """Close a card: keep what the job holds, or write the other value into it as an edit of the desk.

    A card that is closed stays as it was closed first. 412: the field holds neither value any more.
    """
    card = await actions.resolve_conflict(
        stores, session.account_id, actor(session), ConflictId(conflict_id), Take(body.take)
    )
    return JSONResponse(conflict_json(card))
