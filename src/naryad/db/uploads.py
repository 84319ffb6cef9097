"""Uploads: files on their way here, and who is sending them (DESIGN 4.4).

One request at a time writes an upload: it holds `writer`, and shows that it lives by `writer_seen`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from naryad.db.pool import Connection, Row
from naryad.domain.files import FileKind
from naryad.domain.ids import AccountId, FileId, JobId, UploadId, UserId

COLUMNS = """id, user_id, kind, file_id, job_id, sha256, name, media_type, metadata, length, received,
             stored, writer, expires_at"""


@dataclass(frozen=True, slots=True)
class Upload:
    id: UploadId
    user_id: UserId
    kind: FileKind
    file_id: FileId
    job_id: JobId
    sha256: str
    name: str | None
    media_type: str | None
    metadata: str
    length: int
    received: int
    stored: bool
    writer: UUID | None
    expires_at: datetime

    @property
    def complete(self) -> bool:
        """All bytes are here; proved they are when it is `stored`."""
        return self.received == self.length


@dataclass(frozen=True, slots=True)
class Part:
    position: int
    size: int
    name: UUID


async def create(connection: Connection, account_id: AccountId, upload: Upload) -> None:
    await connection.execute(
        """insert into upload (account_id, id, user_id, kind, file_id, job_id, sha256, name, media_type,
                               metadata, length, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
        account_id,
        upload.id,
        upload.user_id,
        upload.kind,
        upload.file_id,
        upload.job_id,
        upload.sha256,
        upload.name,
        upload.media_type,
        upload.metadata,
        upload.length,
        upload.expires_at,
    )


async def get(
    connection: Connection, account_id: AccountId, user_id: UserId, upload_id: UploadId
) -> Upload | None:
    """This user's upload, unless it has expired."""
    row = await connection.fetchrow(
        f"""select {COLUMNS} from upload
            where account_id = $1 and id = $2 and user_id = $3 and expires_at > now()""",
        account_id,
        upload_id,
        user_id,
    )
    return _upload(row) if row else None


async def of_user(connection: Connection, account_id: AccountId, user_id: UserId) -> int:
    """How many uploads the user has open."""
    count = await connection.fetchval(
        "select count(*) from upload where account_id = $1 and user_id = $2 and not stored",
        account_id,
        user_id,
    )
    assert isinstance(count, int)
    return count


async def bytes_on_their_way(connection: Connection, account_id: AccountId) -> int:
    """What the open uploads of the account will need."""
    total = await connection.fetchval(
        """select coalesce(sum(length), 0)::bigint from upload
           where account_id = $1 and not stored and expires_at > now()""",
        account_id,
    )
    assert isinstance(total, int)
    return total


async def take(
    connection: Connection, account_id: AccountId, upload_id: UploadId, writer: UUID, silence: timedelta
) -> Upload | None:
    """Become its writer, unless another one was heard of within `silence`."""
    row = await connection.fetchrow(
        f"""update upload set writer = $3, writer_seen = clock_timestamp()
            where account_id = $1 and id = $2
              and (writer is null or writer_seen < clock_timestamp() - $4::interval)
            returning {COLUMNS}""",
        account_id,
        upload_id,
        writer,
        silence,
    )
    return _upload(row) if row else None


async def add_part(
    connection: Connection,
    account_id: AccountId,
    upload_id: UploadId,
    writer: UUID,
    part: Part,
    expires_at: datetime,
) -> bool:
    """Append a part that lies in the store. False when `writer` is the writer no longer."""
    done = await connection.execute(
        """with advanced as (
             update upload set received = received + $5, writer_seen = clock_timestamp(), expires_at = $7
             where account_id = $1 and id = $2 and writer = $3 and received = $4 and received + $5 <= length
             returning 1)
           insert into upload_part (account_id, upload_id, position, size, name)
           select $1, $2, $4, $5, $6 from advanced""",
        account_id,
        upload_id,
        writer,
        part.position,
        part.size,
        part.name,
        expires_at,
    )
    return done == "INSERT 0 1"


async def beat(connection: Connection, account_id: AccountId, upload_id: UploadId, writer: UUID) -> bool:
    """Show that the writer lives. False when it is the writer no longer. A crash may forget it."""
    await connection.execute("set local synchronous_commit = off")
    done = await connection.execute(
        """update upload set writer_seen = clock_timestamp()
           where account_id = $1 and id = $2 and writer = $3""",
        account_id,
        upload_id,
        writer,
    )
    return done == "UPDATE 1"


async def release(connection: Connection, account_id: AccountId, upload_id: UploadId, writer: UUID) -> None:
    await connection.execute(
        "update upload set writer = null where account_id = $1 and id = $2 and writer = $3",
        account_id,
        upload_id,
        writer,
    )


async def parts(connection: Connection, account_id: AccountId, upload_id: UploadId) -> list[Part]:
    """The parts in their order."""
    rows = await connection.fetch(
        """select position, size, name from upload_part
           where account_id = $1 and upload_id = $2 order by position""",
        account_id,
        upload_id,
    )
    return [Part(row["position"], row["size"], row["name"]) for row in rows]


async def cut_back(
    connection: Connection, account_id: AccountId, upload_id: UploadId, writer: UUID, position: int
) -> list[UUID]:
    """Forget the parts from a position on; returns their names, none when `writer` is it no longer."""
    rows = await connection.fetch(
        """with back as (
             update upload set received = $4
             where account_id = $1 and id = $2 and writer = $3 and received > $4 returning 1)
           delete from upload_part p using back
           where p.account_id = $1 and p.upload_id = $2 and p.position >= $4 returning p.name""",
        account_id,
        upload_id,
        writer,
        position,
    )
    return [row["name"] for row in rows]


async def set_stored(connection: Connection, account_id: AccountId, upload_id: UploadId) -> bool:
    """Its bytes have become a content, its parts are done with. False when it is gone, or was stored."""
    done = await connection.execute(
        """update upload set stored = true, writer = null
           where account_id = $1 and id = $2 and not stored and received = length""",
        account_id,
        upload_id,
    )
    await connection.execute(
        "delete from upload_part where account_id = $1 and upload_id = $2", account_id, upload_id
    )
    return done == "UPDATE 1"


async def delete(connection: Connection, account_id: AccountId, upload_ids: Sequence[UploadId]) -> None:
    await connection.execute(
        "delete from upload where account_id = $1 and id = any ($2::uuid[])", account_id, list(upload_ids)
    )


def _upload(row: Row) -> Upload:
    return Upload(
        id=UploadId(row["id"]),
        user_id=UserId(row["user_id"]),
        kind=FileKind(row["kind"]),
        file_id=FileId(row["file_id"]),
        job_id=JobId(row["job_id"]),
        sha256=row["sha256"],
        name=row["name"],
        media_type=row["media_type"],
        metadata=row["metadata"],
        length=row["length"],
        received=row["received"],
        stored=row["stored"],
        writer=row["writer"],
        expires_at=row["expires_at"],
    )
