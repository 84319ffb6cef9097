"""Photos and attachments, as bytes and as previews (DESIGN 4.4)."""

from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from naryad.actions.photos import content_lost
from naryad.blobs import contents
from naryad.blobs.errors import BlobMissing
from naryad.blobs.previews.kept import preview
from naryad.blobs.previews.workers import NoPreview
from naryad.db import files
from naryad.db.pool import Database
from naryad.db.sessions import SessionRow
from naryad.domain.change import STORAGE
from naryad.domain.files import Content, File
from naryad.domain.ids import FileId
from naryad.domain.people import DESK
from naryad.domain.refusals import Refusal, Slug, not_found
from naryad_api import download
from naryad_api.deps import BlobsDep, DatabaseDep, PreviewsDep, SignedIn, StoresDep
from naryad_api.errors import problems

router = APIRouter(prefix="/v1/files", tags=["files"])

BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
JPEG = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}


@router.get(
    "/{file_id}",
    response_class=Response,
    responses={200: BYTES, 206: BYTES, 304: {}, **problems(401, 404, 416)},
)
@router.head("/{file_id}", include_in_schema=False)
async def read(
    file_id: UUID,
    request: Request,
    session: SignedIn,
    database: DatabaseDep,
    blobs: BlobsDep,
    stores: StoresDep,
) -> Response:
    """The bytes, for the desk and for workers who have the job. `Range` and `If-Range` resume a download."""
    file, content = await _file(database, session, FileId(file_id))
    etag = f'"{content.sha256}"'
    if download.not_modified(request, etag):
        return Response(status_code=304, headers={**download.SAFE, "ETag": etag})
    part = download.span(request, etag, content.size)
    if request.method == "HEAD":
        return download.answer(file, etag, content.size, part, None)
    try:
        pieces = await _begun(contents.read(blobs, session.account_id, content, part.start, part.end))
    except BlobMissing:
        raise await _lost(stores, session, content) from None
    return download.answer(file, etag, content.size, part, pieces)


@router.get(
    "/{file_id}/preview",
    response_class=Response,
    responses={200: JPEG, 304: {}, **problems(401, 404)},
)
async def read_preview(
    file_id: UUID,
    request: Request,
    session: SignedIn,
    database: DatabaseDep,
    blobs: BlobsDep,
    stores: StoresDep,
    previews: PreviewsDep,
    size: Annotated[int, Query(ge=16, le=2048, description="the longest side, in pixels")] = 512,
) -> Response:
    """A JPEG, upright and without metadata; never larger than the original. 422 `no-preview` says why not."""
    _, content = await _file(database, session, FileId(file_id))
    headers = {**download.SAFE, "ETag": f'"{content.sha256}-{size}"', "Content-Disposition": "inline"}
    if download.not_modified(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    try:
        made = await preview(blobs, previews, session.account_id, content, size)
    except NoPreview as error:
        raise Refusal(Slug.NO_PREVIEW, f"No preview: {error}. The original is unharmed.") from None
    except BlobMissing:
        raise await _lost(stores, session, content) from None
    return Response(made, headers=headers, media_type="image/jpeg")


async def _file(database: Database, session: SessionRow, file_id: FileId) -> tuple[File, Content]:
    """Raises Refusal: not-found, also for a photo whose bytes are still on the phone."""
    async with database.snapshot(session.account_id) as connection:
        if session.role in DESK:
            file = await files.get(connection, session.account_id, file_id)
        else:
            file = await files.held_by(connection, session.account_id, session.user_id, file_id)
        content = await files.content(connection, session.account_id, file.sha256) if file else None
    if file is None:
        raise not_found()
    if content is None:
        raise Refusal(Slug.NOT_FOUND, "Its bytes have not arrived yet: they are still on the phone.")
    return file, content


async def _lost(stores: StoresDep, session: SessionRow, content: Content) -> Refusal:
    """The store has lost a content that we promised to have: say so where people see it."""
    await content_lost(stores, session.account_id, STORAGE, content)
    return Refusal(
        Slug.NOT_FOUND, "The storage has lost its bytes. A phone that still has them can send them."
    )


async def _begun(pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The same pieces, the first already fetched: what is missing is noticed before the answer begins."""
    first = await anext(pieces, b"")

    async def all_of_them() -> AsyncGenerator[bytes, None]:
        yield first
        async for piece in pieces:
            yield piece

    return all_of_them()
