"""Previews of contents, made once and then kept in the store."""

import structlog

from naryad.blobs import contents, keys
from naryad.blobs.errors import BlobMissing, StorageUnavailable
from naryad.blobs.previews.workers import Workers
from naryad.blobs.store import Blobs
from naryad.domain.files import Content
from naryad.domain.ids import AccountId

log = structlog.get_logger()

KEPT_STEP = 16
"""Sizes divisible by this are kept: nobody fills the store with two thousand previews of one photo."""


async def preview(
    blobs: Blobs, workers: Workers, account_id: AccountId, content: Content, longest: int
) -> bytes:
    """A JPEG. Raises NoPreview, BlobMissing (the content is lost), StorageUnavailable."""
    key = keys.preview(account_id, content.sha256, longest)
    if longest % KEPT_STEP == 0:
        try:
            return await blobs.read(key)
        except BlobMissing:
            pass  # the first who asks
    made = await workers.make(
        content.size, contents.read(blobs, account_id, content, 0, content.size), longest
    )
    if longest % KEPT_STEP == 0:
        try:
            await blobs.put(key, made)
        except StorageUnavailable as error:
            log.warning("a preview not kept", error=str(error))
    return made
