"""Photos: expected from their operation on, available when their content is here. Either may come first."""

from typing import cast
from uuid import UUID

from naryad.actions.ledger import Ledger, Stores, open_ledger
from naryad.db import files
from naryad.domain.change import STORAGE, Actor, ChangeKind
from naryad.domain.files import Content, File, FileKind, PhotoState, arrived, failed
from naryad.domain.ids import AccountId, FileId
from naryad.domain.job import Job
from naryad.domain.json import JsonObject
from naryad.domain.operation import wrong


async def as_it_is_here(ledger: Ledger, job: Job, photo: JsonObject) -> JsonObject:
    """A new photo, available at once if the account has its content. Refuses an id of another job's file."""
    file_id = FileId(UUID(cast(str, photo["id"])))
    if await _is_taken(ledger, job, file_id):
        raise wrong("photo/id", "another job has a file with this id")
    content = await files.content(ledger.connection, ledger.account.id, cast(str, photo["sha256"]))
    return arrived(photo, content) if content else photo


async def show_arrived(ledger: Ledger, content: Content, by: Actor, sent: FileId) -> None:
    """Every photo that waits for this content has it now: the one that was sent, by its sender's hand."""
    waiting = await files.photos_of(ledger.connection, ledger.account.id, content.sha256)
    for file in waiting:
        job = await ledger.job(file.job_id)
        name = f"photos.{file.id}"
        photo = cast("JsonObject | None", job.fields.get(name)) if job else None
        if job is None or photo is None or photo["state"] == PhotoState.AVAILABLE:
            continue
        hand = by if file.id == sent else STORAGE
        ledger.write(job, {name: arrived(photo, content)}, ChangeKind.PHOTO, hand)


async def photo_failed(
    stores: Stores, account_id: AccountId, by: Actor, file_id: FileId, reason: str
) -> None:
    """Say on the photo why its bytes were not taken; the phone may try again under the same id."""
    async with open_ledger(stores, account_id) as ledger:
        file = await files.get(ledger.connection, account_id, file_id)
        if file is not None and file.kind is FileKind.PHOTO:
            await _show_failed(ledger, file, by, reason)


async def content_lost(stores: Stores, account_id: AccountId, by: Actor, content: Content) -> None:
    """The store lost a content: forget it, so that it can be sent again, and say so on its photos."""
    async with open_ledger(stores, account_id) as ledger:
        if await files.drop_content(ledger.connection, account_id, content):
            for file in await files.photos_of(ledger.connection, account_id, content.sha256):
                await _show_failed(ledger, file, by, "lost")


async def _show_failed(ledger: Ledger, file: File, by: Actor, reason: str) -> None:
    job = await ledger.job(file.job_id)
    name = f"photos.{file.id}"
    photo = cast("JsonObject | None", job.fields.get(name)) if job else None
    if job is not None and photo is not None:
        ledger.write(job, {name: failed(photo, reason)}, ChangeKind.PHOTO, by)


async def _is_taken(ledger: Ledger, job: Job, file_id: FileId) -> bool:
    names = {f"photos.{file_id}", f"attachments.{file_id}"}
    if any(not names.isdisjoint(other.fields) for other in ledger.read_jobs() if other.id != job.id):
        return True
    file = await files.get(ledger.connection, ledger.account.id, file_id)
    if file is None or file.job_id == job.id:
        return False
    other = await ledger.job(file.job_id)
    return other is not None and not names.isdisjoint(other.fields)
