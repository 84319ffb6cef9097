"""The sweep of files: uploads that expired, contents that nothing refers to, objects that nothing names.

It may run at any time, beside uploads and beside itself: a content that someone just begins to use is kept,
because both happen under the account's lock; an object is removed only when no row has named it for longer
than any request lasts, and a content that comes anew comes under another name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from naryad.actions.arrivals import drop_content, finish
from naryad.actions.ledger import Stores, open_ledger
from naryad.actions.uploads import WriterReplaced, take_writer
from naryad.blobs import keys
from naryad.blobs.store import Blob, Blobs
from naryad.db import file_sweep, sweep
from naryad.domain.change import STORAGE
from naryad.domain.files import Limits
from naryad.domain.ids import AccountId
from naryad.domain.refusals import Refusal

log = structlog.get_logger()

AT_ONCE = 100
UNUSED_FOR = timedelta(days=1)
"""A content younger than this may still be waiting for its operation."""

PARTS_GRACE = timedelta(hours=1)
CONTENTS_GRACE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SweptFiles:
    """How many of each were swept; `objects` are those in the store that nothing named."""

    uploads_expired: int = 0
    uploads_proved: int = 0
    contents: int = 0
    objects: int = 0

    def __add__(self, other: "SweptFiles") -> "SweptFiles":
        return SweptFiles(
            self.uploads_expired + other.uploads_expired,
            self.uploads_proved + other.uploads_proved,
            self.contents + other.contents,
            self.objects + other.objects,
        )


async def sweep_files(stores: Stores, blobs: Blobs, limits: Limits, now: datetime) -> SweptFiles:
    """Sweep every account's files. Raises StorageUnavailable; what was done until then is done."""
    async with stores.database.across() as connection:
        every = await sweep.all_accounts(connection)
    swept = SweptFiles(objects=await blobs.drop_torn(now - PARTS_GRACE))
    for account_id in every:
        swept += SweptFiles(
            await _expired(stores, account_id, now),
            await _unproved(stores, blobs, account_id, limits),
            await _unused(stores, blobs, account_id, now),
            await _unnamed(stores, blobs, account_id, now),
        )
    return swept


async def _expired(stores: Stores, account_id: AccountId, now: datetime) -> int:
    """Their objects are named by nothing then, and go with those."""
    expired = 0
    while True:
        async with stores.database.account(account_id) as connection:
            ids = await file_sweep.drop_expired_uploads(connection, account_id, now, AT_ONCE)
        expired += len(ids)
        if len(ids) < AT_ONCE:
            return expired


async def _unproved(stores: Stores, blobs: Blobs, account_id: AccountId, limits: Limits) -> int:
    """Finish what a killed process could not, also when its phone never asks again."""
    async with stores.database.account(account_id) as connection:
        ids = await file_sweep.unproved_uploads(connection, account_id, AT_ONCE)
    proved = 0
    for upload_id in ids:
        writer = await take_writer(stores, blobs, account_id, upload_id)
        if writer is None:
            continue
        try:
            await finish(writer, STORAGE, limits)
            proved += 1
        except (Refusal, WriterReplaced) as error:
            log.warning("an upload cannot be finished", upload_id=str(upload_id), error=str(error))
        finally:
            await writer.release()
    return proved


async def _unused(stores: Stores, blobs: Blobs, account_id: AccountId, now: datetime) -> int:
    unused = 0
    while True:
        async with open_ledger(stores, account_id) as ledger:
            dropped = await file_sweep.drop_unused_contents(
                ledger.connection, account_id, now - UNUSED_FOR, AT_ONCE
            )
        for content in dropped:
            await drop_content(blobs, account_id, content)
        unused += len(dropped)
        if len(dropped) < AT_ONCE:
            return unused


async def _unnamed(stores: Stores, blobs: Blobs, account_id: AccountId, now: datetime) -> int:
    """Objects that a killed process, or a store that was away, left behind."""
    removed = 0
    for prefix, grace, named in (
        (keys.parts_of(account_id), PARTS_GRACE, _named_parts),
        (keys.contents_of(account_id), CONTENTS_GRACE, _named_contents),
        (keys.previews_of(account_id), CONTENTS_GRACE, _named_previews),
    ):
        async for page in blobs.list(prefix):
            old = [one for one in page if one.modified_at < now - grace]
            if old:
                kept = await named(stores, account_id, old)
                gone = [one.key for one in old if one.key not in kept]
                await blobs.delete(gone)
                removed += len(gone)
    return removed


async def _named_parts(stores: Stores, account_id: AccountId, found: Sequence[Blob]) -> set[str]:
    names = {one.key: UUID(one.key.rsplit("/", 1)[1]) for one in found}
    async with stores.database.account(account_id) as connection:
        known = await file_sweep.known_parts(connection, account_id, names.values())
    return {key for key, name in names.items() if name in known}


async def _named_contents(stores: Stores, account_id: AccountId, found: Sequence[Blob]) -> set[str]:
    split = {one.key: one.key.split("/")[2:4] for one in found}
    async with stores.database.account(account_id) as connection:
        known = await file_sweep.known_contents(
            connection, account_id, [sha256 for sha256, _ in split.values()]
        )
    return {key for key, (sha256, generation) in split.items() if str(known.get(sha256)) == generation}


async def _named_previews(stores: Stores, account_id: AccountId, found: Sequence[Blob]) -> set[str]:
    hashes = {one.key: one.key.split("/")[2] for one in found}
    async with stores.database.account(account_id) as connection:
        known = await file_sweep.known_contents(connection, account_id, list(hashes.values()))
    return {key for key, sha256 in hashes.items() if sha256 in known}
