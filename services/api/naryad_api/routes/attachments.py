"""Attachments of a job (DESIGN 4.2): uploaded first, then given to the job."""

from uuid import UUID

from fastapi import APIRouter, Response
from starlette.responses import JSONResponse

from naryad.actions import attachments as actions
from naryad.domain.ids import FileId, UploadId
from naryad.wire import job_json
from naryad_api.deps import DatabaseDep, Desk, StoresDep, actor
from naryad_api.errors import problems
from naryad_api.routes.jobs import etag_of, find_job_id
from naryad_api.shapes.jobs import Attach, JobAnswer

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


@router.post(
    "/{id}/attachments",
    status_code=201,
    response_model=JobAnswer,
    responses=problems(400, 401, 403, 404, 409, 413),
)
async def attach(id: str, body: Attach, session: Desk, stores: StoresDep, database: DatabaseDep) -> Response:
    """Give the job the file that an upload of kind `attachment` brought."""
    job_id = await find_job_id(database, session.account_id, id)
    job = await actions.attach(
        stores, session.account_id, actor(session), session.user_id, job_id, UploadId(body.upload_id)
    )
    return JSONResponse(job_json(job), 201, headers={"ETag": etag_of(job)})


@router.delete("/{id}/attachments/{attachment_id}", status_code=204, responses=problems(401, 403, 404))
async def detach(
    id: str, attachment_id: UUID, session: Desk, stores: StoresDep, database: DatabaseDep
) -> Response:
    """Take an attachment off the job and its phones."""
    job_id = await find_job_id(database, session.account_id, id)
    await actions.detach(stores, session.account_id, actor(session), job_id, FileId(attachment_id))
    return Response(status_code=204)
