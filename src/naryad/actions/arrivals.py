"""A complete upload becomes a content: hashed as it lies in the store, then made known in one transaction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from naryad.actions.ledger import Stores, open_ledger
from naryad.actions.photos import show_arrived
from naryad.actions.uploads import Writer, WriterReplaced, drop_parts, end_upload, quota_exceeded
from naryad.blobs import contents, keys
from naryad.blobs.errors import BlobMissing, StorageUnavailable
from naryad.blobs.store import Blobs
from naryad.db import files, uploads
from naryad.domain.change import Actor
from naryad.domain.files import Content, Limits
from naryad.domain.ids import AccountId
from naryad.domain.refusals import Refusal, Slug
from naryad.uuid7 import uuid7

log = structlog.get_logger()

BEAT_S = 2.0


async def finish(writer: Writer, by: Actor, limits: Limits) -> None:
    """Prove that the bytes are those that were promised, keep them, and tell the photos that wait for them.

    The hash is taken from the bytes as the store gives them back; no transaction is open meanwhile.
    Raises Refusal: checksum-mismatch (the bytes are dropped, the upload is gone), quota-exceeded;
    WriterReplaced, StorageUnavailable (the upload can be finished later).
    """
    upload, blobs, account_id = writer.upload, writer.blobs, writer.account_id
    async with writer.stores.database.account(account_id) as connection:
        parts = await uploads.parts(connection, account_id, upload.id)
    names = [one.name for one in parts]
    generation = uuid7()
    async with _beating(writer):
        try:
            digest, size = await contents.join(
                blobs,
                account_id,
                upload.sha256,
                generation,
                [keys.part(account_id, upload.id, name) for name in names],
            )
        except BlobMissing as error:
            log.error("a part of an upload is lost", upload_id=str(upload.id), error=str(error))
            digest, size = "", 0
    content = Content(upload.sha256, max(size, upload.length), generation)
    if digest != upload.sha256:
        await drop_content(blobs, account_id, content)
        await end_upload(writer.stores, blobs, account_id, upload)
        raise Refusal(
            Slug.CHECKSUM_MISMATCH,
            "The SHA-256 of what arrived is another one. The bytes were dropped: upload the file anew.",
        )
    try:
        added = await _make_known(writer.stores, account_id, writer, content, by, limits)
    except (Refusal, WriterReplaced):
        await drop_content(blobs, account_id, content)
        raise
    if not added:  # the account has these bytes already
        await drop_content(blobs, account_id, content)
    await drop_parts(blobs, account_id, upload.id, names)


async def _make_known(
    stores: Stores, account_id: AccountId, writer: Writer, content: Content, by: Actor, limits: Limits
) -> bool:
    async with open_ledger(stores, account_id) as ledger:
        if not await uploads.set_stored(ledger.connection, account_id, writer.upload.id):
            raise WriterReplaced
        added = await files.add_content(ledger.connection, account_id, content)
        if added:
            room = await files.room(ledger.connection, account_id)
            limits = limits.within(room.file_max_bytes, room.quota_bytes)
            if room.stored_bytes > limits.quota_bytes:
                raise quota_exceeded(limits, room.stored_bytes - content.size)
        await show_arrived(ledger, content, by, writer.upload.file_id)
    return added


async def drop_content(blobs: Blobs, account_id: AccountId, content: Content) -> None:
    """Remove objects that nothing names. The sweep finds what this leaves."""
    try:
        await blobs.delete(keys.segments(account_id, content))
    except StorageUnavailable as error:
        log.warning("a content not removed, the sweep will", sha256=content.sha256, error=str(error))


@asynccontextmanager
async def _beating(writer: Writer) -> AsyncIterator[None]:
    """Hold the upload while long work is done on it."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            await writer.beat()

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        outcome = (await asyncio.gather(task, return_exceptions=True))[0]
    if isinstance(outcome, Exception):
        raise outcome
