"""Files, an index of the photos and attachments in jobs; and contents, the bytes the account has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from naryad.db.pool import Connection, Row
from naryad.domain.files import Content, File, FileKind
from naryad.domain.ids import AccountId, FileId, JobId, UserId
from naryad.domain.job import Job, group
from naryad.domain.json import JsonObject

FILE = "f.id, f.job_id, f.kind, f.sha256, f.name, f.media_type"
KINDS = {"photos": FileKind.PHOTO, "attachments": FileKind.ATTACHMENT}


@dataclass(frozen=True, slots=True)
class Room:
    """What the account may keep, null where the installation's settings decide, and what it keeps."""

    file_max_bytes: int | None
    quota_bytes: int | None
    stored_bytes: int


async def index(connection: Connection, account_id: AccountId, jobs: Sequence[Job]) -> None:
    """Make the file rows of these jobs what their `photos` and `attachments` say."""
    files = [one for job in jobs for one in files_of(job)]
    await connection.execute(
        """delete from file f where f.account_id = $1 and f.job_id = any ($2::uuid[])
           and not f.id = any ($3::uuid[])""",
        account_id,
        [job.id for job in jobs],
        [one.id for one in files],
    )
    await connection.executemany(
        """insert into file (account_id, id, job_id, kind, sha256, name, media_type)
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (account_id, id) do update set sha256 = excluded.sha256, name = excluded.name,
             media_type = excluded.media_type""",
        [(account_id, one.id, one.job_id, one.kind, one.sha256, one.name, one.media_type) for one in files],
    )


def files_of(job: Job) -> list[File]:
    return [
        File(
            FileId(UUID(id)),
            job.id,
            kind,
            cast(str, told["sha256"]),
            cast("str | None", told.get("name")),
            cast(str, told["media_type"]),
        )
        for name, kind in KINDS.items()
        for id, told in cast("dict[str, JsonObject]", group(job.fields, name)).items()
    ]


async def get(connection: Connection, account_id: AccountId, file_id: FileId) -> File | None:
    row = await connection.fetchrow(
        f"select {FILE} from file f where f.account_id = $1 and f.id = $2", account_id, file_id
    )
    return _file(row) if row else None


async def held_by(
    connection: Connection, account_id: AccountId, worker_id: UserId, file_id: FileId
) -> File | None:
    """The file, if its job is on the worker's phone."""
    row = await connection.fetchrow(
        f"""select {FILE} from file f
            join feed on feed.account_id = f.account_id and feed.job_id = f.job_id
            where f.account_id = $1 and f.id = $2 and feed.worker_id = $3 and feed.visible""",
        account_id,
        file_id,
        worker_id,
    )
    return _file(row) if row else None


async def photos_of(connection: Connection, account_id: AccountId, sha256: str) -> list[File]:
    """The photos that have, or wait for, this content."""
    rows = await connection.fetch(
        f"select {FILE} from file f where f.account_id = $1 and f.sha256 = $2 and f.kind = 'photo'",
        account_id,
        sha256,
    )
    return [_file(row) for row in rows]


async def content(connection: Connection, account_id: AccountId, sha256: str) -> Content | None:
    """The content of this hash, if the account has it."""
    row = await connection.fetchrow(
        "select sha256, size, generation from content where account_id = $1 and sha256 = $2",
        account_id,
        sha256,
    )
    return Content(row["sha256"], row["size"], row["generation"]) if row else None


async def add_content(connection: Connection, account_id: AccountId, kept: Content) -> bool:
    """Only under the account's lock. False when the account has it already."""
    done = await connection.execute(
        """with added as (
             insert into content (account_id, sha256, size, generation) values ($1, $2, $3, $4)
             on conflict do nothing returning size)
           update account_head set stored_bytes = stored_bytes + added.size from added
           where account_id = $1""",
        account_id,
        kept.sha256,
        kept.size,
        kept.generation,
    )
    return done == "UPDATE 1"


async def drop_content(connection: Connection, account_id: AccountId, lost: Content) -> bool:
    """Only under the account's lock. False when another copy has taken its place."""
    done = await connection.execute(
        """with dropped as (
             delete from content where account_id = $1 and sha256 = $2 and generation = $3 returning size)
           update account_head set stored_bytes = stored_bytes - dropped.size from dropped
           where account_id = $1""",
        account_id,
        lost.sha256,
        lost.generation,
    )
    return done == "UPDATE 1"


async def room(connection: Connection, account_id: AccountId) -> Room:
    row = await connection.fetchrow(
        """select a.file_max_bytes, a.quota_bytes, h.stored_bytes
           from account a join account_head h on h.account_id = a.id where a.id = $1""",
        account_id,
    )
    assert row is not None
    return Room(row["file_max_bytes"], row["quota_bytes"], row["stored_bytes"])


async def set_room(
    connection: Connection, account_id: AccountId, file_max_bytes: int | None, quota_bytes: int | None
) -> None:
    await connection.execute(
        "update account set file_max_bytes = $2, quota_bytes = $3 where id = $1",
        account_id,
        file_max_bytes,
        quota_bytes,
    )


def _file(row: Row) -> File:
    return File(
        FileId(row["id"]),
        JobId(row["job_id"]),
        FileKind(row["kind"]),
        row["sha256"],
        row["name"],
        row["media_type"],
    )
