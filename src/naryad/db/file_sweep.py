"""Files that have been kept long enough, or that nothing refers to: found, and dropped, in bounded pieces."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from naryad.db.pool import Connection
from naryad.domain.files import Content
from naryad.domain.ids import AccountId, UploadId


async def drop_expired_uploads(
    connection: Connection, account_id: AccountId, now: datetime, limit: int
) -> list[UploadId]:
    """Forget uploads that expired before `now`, and their parts."""
    rows = await connection.fetch(
        """delete from upload where account_id = $1 and id in
             (select id from upload where account_id = $1 and expires_at < $2 order by expires_at limit $3)
           returning id""",
        account_id,
        now,
        limit,
    )
    return [UploadId(row["id"]) for row in rows]


async def unproved_uploads(connection: Connection, account_id: AccountId, limit: int) -> list[UploadId]:
    """Uploads whose bytes are all here, and whose process ended before it could prove them."""
    rows = await connection.fetch(
        """select id from upload
           where account_id = $1 and not stored and received = length
             and (writer is null or writer_seen < now() - interval '1 minute')
           order by id limit $2""",
        account_id,
        limit,
    )
    return [UploadId(row["id"]) for row in rows]


async def drop_unused_contents(
    connection: Connection, account_id: AccountId, instant: datetime, limit: int
) -> list[Content]:
    """Forget contents of before `instant` that no file and no upload names. Only under the account's lock."""
    rows = await connection.fetch(
        """with dropped as (
             delete from content where account_id = $1 and sha256 in (
               select c.sha256 from content c
               where c.account_id = $1 and c.created_at < $2
                 and not exists (select from file f where f.account_id = $1 and f.sha256 = c.sha256)
                 and not exists (select from upload u where u.account_id = $1 and u.sha256 = c.sha256)
               limit $3)
             returning sha256, size, generation
           ), less as (
             update account_head set stored_bytes = stored_bytes - d.size
             from (select coalesce(sum(size), 0) as size from dropped) d where account_id = $1
           )
           select sha256, size, generation from dropped""",
        account_id,
        instant,
        limit,
    )
    return [Content(row["sha256"], row["size"], row["generation"]) for row in rows]


async def known_parts(connection: Connection, account_id: AccountId, names: Collection[UUID]) -> set[UUID]:
    """Of these names, those that a part has."""
    rows = await connection.fetch(
        "select name from upload_part where account_id = $1 and name = any ($2::uuid[])",
        account_id,
        list(names),
    )
    return {row["name"] for row in rows}


async def known_contents(
    connection: Connection, account_id: AccountId, hashes: Sequence[str]
) -> dict[str, UUID]:
    """Of these hashes, those that a content has, and its generation."""
    rows = await connection.fetch(
        "select sha256, generation from content where account_id = $1 and sha256 = any ($2::text[])",
        account_id,
        list(hashes),
    )
    return {row["sha256"]: row["generation"] for row in rows}
