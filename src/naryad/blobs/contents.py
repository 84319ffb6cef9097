"""Contents in the store: joined from the parts of an upload, read in any range."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from uuid import UUID

from naryad.blobs import keys
from naryad.blobs.store import Blobs
from naryad.domain.files import SEGMENT, Content
from naryad.domain.ids import AccountId


async def join(
    blobs: Blobs, account_id: AccountId, sha256: str, generation: UUID, parts: Sequence[str]
) -> tuple[str, int]:
    """Write the parts as one content, in segments, and return its hash and size.

    It is read back from the store, so that what is hashed is what is kept. Holds one segment in memory;
    the hashing runs in a thread. Raises BlobMissing, StorageUnavailable.
    """
    digest = hashlib.sha256()
    segment = bytearray()
    number = size = 0

    async def flush() -> None:
        nonlocal number, size
        await asyncio.to_thread(digest.update, segment)
        await blobs.put(keys.segment(account_id, sha256, generation, number), segment)
        number, size = number + 1, size + len(segment)
        segment.clear()

    for key in parts:
        async with aclosing(blobs.stream(key)) as pieces:
            async for piece in pieces:
                room = SEGMENT - len(segment)
                segment += piece[:room]
                if len(segment) == SEGMENT:
                    await flush()
                    segment += piece[room:]
    if segment or number == 0:
        await flush()
    return digest.hexdigest(), size


async def read(
    blobs: Blobs, account_id: AccountId, content: Content, start: int, end: int
) -> AsyncGenerator[bytes, None]:
    """The bytes from `start` to before `end`. Raises BlobMissing, StorageUnavailable."""
    for number, key in enumerate(keys.segments(account_id, content)):
        low, high = number * SEGMENT, min((number + 1) * SEGMENT, content.size)
        if low >= end or high <= start:
            continue
        async with aclosing(blobs.stream(key, max(start, low) - low, min(end, high) - low)) as pieces:
            async for piece in pieces:
                yield piece
