"""Uploads by tus 1.0.0: any public client of it works unchanged (DESIGN 4.4)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Response
from starlette.datastructures import Headers

from naryad.actions.uploads import create_upload, end_upload, expiry
from naryad.db.uploads import Upload
from naryad.domain.ids import FileId, JobId, UploadId
from naryad.domain.refusals import Refusal, Slug, not_found
from naryad.uuid7 import uuid7
from naryad_api.deps import LimitsDep, actor
from naryad_api.errors import problems
from naryad_api.tus import headers
from naryad_api.tus.taking import TakingDep

router = APIRouter(prefix="/v1/uploads", tags=["files"])


def spoken(tus_resumable: Annotated[str | None, Header(description="`1.0.0`")] = None) -> None:
    headers.check_version(tus_resumable)


SPOKEN = [Depends(spoken)]
Length = Annotated[int, Header(ge=0, lt=2**53, description="bytes of the whole file")]
Offset = Annotated[int, Header(ge=0, lt=2**53, description="where this body begins in the file")]
Metadata = Annotated[
    str,
    Header(
        description="`kind` (`photo` or `attachment`), `id` (the photo's, or the new attachment's), "
        "`job_id`, `sha256` (hex, of the whole file); `filename` and `filetype` if you like: "
        "each with its value in base64, separated by commas"
    ),
]
Checksum = Annotated[
    str | None, Header(max_length=200, description="`sha1` or `sha256` of this body, and its value in base64")
]
ContentType = Annotated[str | None, Header(description="`application/offset+octet-stream`")]


@router.options("", status_code=204, responses=problems())
async def options(limits: LimitsDep) -> Response:
    """Which version and extensions of tus are spoken here."""
    return Response(status_code=204, headers=headers.of_service(limits.file_max_bytes))


@router.post(
    "",
    status_code=201,
    dependencies=SPOKEN,
    responses=problems(400, 401, 403, 404, 408, 412, 413, 415, 423, 429, 460, 507),
)
async def create(
    taking: TakingDep,
    upload_length: Length,
    upload_metadata: Metadata,
    upload_checksum: Checksum = None,
    content_type: ContentType = None,
) -> Response:
    """Open an upload; `Location` is its address. A body is the beginning of the file."""
    session, described = taking.session, headers.describe(upload_metadata)
    checksum = headers.checksum(upload_checksum)
    has_body = content_type is not None and _announces_body(taking.request.headers)
    if has_body:
        headers.check_body(content_type)
    upload = Upload(
        id=UploadId(uuid7()),
        user_id=session.user_id,
        kind=described.kind,
        file_id=FileId(described.file_id),
        job_id=JobId(described.job_id),
        sha256=described.sha256,
        name=described.name,
        media_type=described.media_type,
        metadata=upload_metadata,
        length=upload_length,
        received=0,
        stored=False,
        writer=None,
        expires_at=expiry(),
    )
    await create_upload(
        taking.stores, session.account_id, actor(session), session.role, upload, taking.limits
    )
    if has_body:
        upload = await taking.append(upload.id, 0, checksum)
    else:
        upload = await taking.proved(upload)
    location = {"Location": f"/v1/uploads/{upload.id}"}
    return Response(status_code=201, headers=location | headers.of_upload(upload))


@router.head("/{upload_id}", dependencies=SPOKEN, responses=problems(401, 404, 412, 423, 460, 507))
async def read(upload_id: str, taking: TakingDep) -> Response:
    """Where the upload goes on. What arrived before a connection broke is counted."""
    upload = await taking.settled(_id(upload_id))
    said = {"Upload-Length": str(upload.length), "Upload-Metadata": upload.metadata}
    return Response(headers=said | headers.of_upload(upload))


@router.patch(
    "/{upload_id}",
    status_code=204,
    dependencies=SPOKEN,
    responses=problems(400, 401, 404, 408, 409, 412, 413, 415, 423, 460, 507),
)
async def append(
    upload_id: str,
    taking: TakingDep,
    upload_offset: Offset,
    upload_checksum: Checksum = None,
    content_type: ContentType = None,
) -> Response:
    """Send bytes. What a 204 acknowledges is durable; the last one means that the SHA-256 was proved."""
    upload = await taking.find(_id(upload_id))
    headers.check_body(content_type)
    checksum = headers.checksum(upload_checksum)
    upload = await taking.append(upload.id, upload_offset, checksum)
    return Response(status_code=204, headers=headers.of_upload(upload))


@router.post("/{upload_id}", include_in_schema=False, dependencies=SPOKEN)
async def append_by_post(
    upload_id: str,
    taking: TakingDep,
    upload_offset: Offset,
    upload_checksum: Checksum = None,
    content_type: ContentType = None,
    x_http_method_override: Annotated[str | None, Header()] = None,
) -> Response:
    """PATCH, from where only POST gets through (tus 1.0.0, X-HTTP-Method-Override)."""
    if (x_http_method_override or "").upper() != "PATCH":
        raise Refusal(Slug.METHOD_NOT_ALLOWED, "PATCH is expected, or X-HTTP-Method-Override: PATCH.")
    return await append(upload_id, taking, upload_offset, upload_checksum, content_type)


@router.delete("/{upload_id}", status_code=204, dependencies=SPOKEN, responses=problems(401, 404, 412))
async def end(upload_id: str, taking: TakingDep) -> Response:
    """Give an upload up. A photo or attachment that already has its content keeps it."""
    upload = await taking.find(_id(upload_id))
    await end_upload(taking.stores, taking.blobs, taking.session.account_id, upload)
    return Response(status_code=204)


def _id(text: str) -> UploadId:
    try:
        return UploadId(UUID(text))
    except ValueError:
        raise not_found() from None


def _announces_body(sent: Headers) -> bool:
    return sent.get("transfer-encoding") is not None or sent.get("content-length", "0") != "0"
