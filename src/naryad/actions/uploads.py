"""Uploads: opened, written part by part by one request at a time, ended (DESIGN 4.4)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from naryad.actions.ledger import Stores
from naryad.actions.photos import photo_failed
from naryad.blobs import keys
from naryad.blobs.errors import StorageUnavailable
from naryad.blobs.store import Blobs
from naryad.db import files, history, jobs, uploads
from naryad.db.pool import Connection
from naryad.db.uploads import Part, Upload
from naryad.domain.change import Actor
from naryad.domain.files import FileKind, Limits
from naryad.domain.ids import AccountId, UploadId
from naryad.domain.people import DESK, Role
from naryad.domain.refusals import FieldError, Refusal, Slug, not_found
from naryad.uuid7 import uuid7

log = structlog.get_logger()

KEPT = timedelta(days=7)
"""An upload expires this long after bytes of it last came."""

SILENCE = timedelta(seconds=10)
"""A request from which no byte came for this long loses its upload to another one that asks for it."""

OPEN_PER_USER = 500


class WriterReplaced(Exception):
    """Another request writes this upload now, or it is gone."""


def expiry() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + KEPT


async def create_upload(
    stores: Stores, account_id: AccountId, by: Actor, role: Role, upload: Upload, limits: Limits
) -> None:
    """Open an upload. Raises Refusal: not-found (the job), forbidden, invalid-request (another file has the
    id), too-large, quota-exceeded, too-many-requests. A photo that is refused for its size says so.
    """
    if upload.kind is FileKind.ATTACHMENT and role not in DESK:
        raise Refusal(Slug.FORBIDDEN, "Attachments are for dispatchers and admins: kind photo is yours.")
    try:
        async with stores.database.account(account_id) as connection:
            await _job_is_there(connection, account_id, role, upload)
            await _is_the_same_file(connection, account_id, upload)
            await _has_room(connection, account_id, upload, limits)
            await uploads.create(connection, account_id, upload)
    except Refusal as refusal:
        if refusal.slug in (Slug.TOO_LARGE, Slug.QUOTA_EXCEEDED) and upload.kind is FileKind.PHOTO:
            await photo_failed(stores, account_id, by, upload.file_id, refusal.slug)
        raise


async def end_upload(stores: Stores, blobs: Blobs, account_id: AccountId, upload: Upload) -> None:
    """Forget an upload and what came of it; a content that it became stays while a file has it."""
    async with stores.database.account(account_id) as connection:
        parts = await uploads.parts(connection, account_id, upload.id)
        await uploads.delete(connection, account_id, [upload.id])
    await drop_parts(blobs, account_id, upload.id, [one.name for one in parts])


@dataclass(slots=True)
class Writer:
    """The one request that writes an upload now. Use `take_writer`."""

    stores: Stores
    blobs: Blobs
    account_id: AccountId
    upload: Upload
    token: UUID
    position: int

    async def append(self, data: bytes | bytearray) -> None:
        """Add bytes; they are durable when this returns. Raises WriterReplaced, StorageUnavailable."""
        part = Part(self.position, len(data), uuid7())
        await self.blobs.put(keys.part(self.account_id, self.upload.id, part.name), data)
        async with self.stores.database.account(self.account_id) as connection:
            added = await uploads.add_part(
                connection, self.account_id, self.upload.id, self.token, part, expiry()
            )
        if not added:
            await drop_parts(self.blobs, self.account_id, self.upload.id, [part.name])
            raise WriterReplaced
        self.position += len(data)

    async def cut_back(self, position: int) -> None:
        """Drop what was added from this position on."""
        async with self.stores.database.account(self.account_id) as connection:
            names = await uploads.cut_back(connection, self.account_id, self.upload.id, self.token, position)
        self.position = min(self.position, position)
        await drop_parts(self.blobs, self.account_id, self.upload.id, names)

    async def beat(self) -> None:
        """Bytes are coming, or are being worked on. Raises WriterReplaced."""
        async with self.stores.database.account(self.account_id) as connection:
            lives = await uploads.beat(connection, self.account_id, self.upload.id, self.token)
        if not lives:
            raise WriterReplaced

    async def release(self) -> None:
        async with self.stores.database.account(self.account_id) as connection:
            await uploads.release(connection, self.account_id, self.upload.id, self.token)


async def take_writer(
    stores: Stores, blobs: Blobs, account_id: AccountId, upload_id: UploadId
) -> Writer | None:
    """Become the upload's writer. None while another one lives, or when the upload is gone."""
    token = uuid7()
    async with stores.database.account(account_id) as connection:
        upload = await uploads.take(connection, account_id, upload_id, token, SILENCE)
    return Writer(stores, blobs, account_id, upload, token, upload.received) if upload else None


async def drop_parts(blobs: Blobs, account_id: AccountId, upload_id: UploadId, names: list[UUID]) -> None:
    """Remove objects that nothing names any more. The sweep finds what this leaves."""
    try:
        await blobs.delete([keys.part(account_id, upload_id, name) for name in names])
    except StorageUnavailable as error:
        log.warning("parts not removed, the sweep will", upload_id=str(upload_id), error=str(error))


async def _job_is_there(connection: Connection, account_id: AccountId, role: Role, upload: Upload) -> None:
    """A worker needs to have the job, or to have had it: late work is kept."""
    if not await jobs.get(connection, account_id, [upload.job_id]):
        raise not_found()
    if role in DESK:
        return
    if not await history.was_seen_by(connection, account_id, upload.job_id, upload.user_id):
        raise not_found()


async def _is_the_same_file(connection: Connection, account_id: AccountId, upload: Upload) -> None:
    file = await files.get(connection, account_id, upload.file_id)
    if file is None:
        return
    if (file.job_id, file.kind) != (upload.job_id, upload.kind):
        raise _other_file("id", "another file has this id")
    if file.sha256 != upload.sha256:
        raise _other_file("sha256", f"this {file.kind} has another sha256")


def _other_file(name: str, detail: str) -> Refusal:
    return Refusal(
        Slug.INVALID_REQUEST,
        f"{name}: {detail}",
        errors=(FieldError(f"/header/upload-metadata/{name}", detail),),
    )


async def _has_room(connection: Connection, account_id: AccountId, upload: Upload, limits: Limits) -> None:
    room = await files.room(connection, account_id)
    limits = limits.within(room.file_max_bytes, room.quota_bytes)
    if upload.length > limits.file_max_bytes:
        raise Refusal(
            Slug.TOO_LARGE,
            f"The file has {upload.length} bytes; at most {limits.file_max_bytes} are taken.",
            extra={"max_bytes": limits.file_max_bytes},
        )
    if await uploads.of_user(connection, account_id, upload.user_id) >= OPEN_PER_USER:
        raise Refusal(
            Slug.TOO_MANY_REQUESTS, f"{OPEN_PER_USER} uploads are open: finish or delete some first."
        )
    if await files.content(connection, account_id, upload.sha256):
        return  # it will take no room
    used = room.stored_bytes + await uploads.bytes_on_their_way(connection, account_id)
    if used + upload.length > limits.quota_bytes:
        raise quota_exceeded(limits, used)


def quota_exceeded(limits: Limits, used: int) -> Refusal:
    return Refusal(
        Slug.QUOTA_EXCEEDED,
        f"The account keeps or awaits {used} of its {limits.quota_bytes} bytes; "
        "an admin can remove files, or have the quota raised.",
        extra={"quota_bytes": limits.quota_bytes, "used_bytes": used},
    )
