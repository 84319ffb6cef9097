"""Attachments: files that the desk gives workers with a job."""

from naryad.actions.ledger import Ledger, Stores, open_ledger
from naryad.db import files, uploads
from naryad.db.uploads import Upload
from naryad.domain.change import Actor, ChangeKind
from naryad.domain.files import FileKind
from naryad.domain.ids import AccountId, FileId, JobId, UploadId, UserId
from naryad.domain.job import Job, group
from naryad.domain.json import Json
from naryad.domain.refusals import FieldError, Refusal, Slug, not_found

UNKNOWN_TYPE = "application/octet-stream"
MOST = 100


async def attach(
    stores: Stores, account_id: AccountId, by: Actor, user_id: UserId, job_id: JobId, upload_id: UploadId
) -> Job:
    """Give a job the file that an upload brought. Again: nothing changes.

    Raises Refusal: not-found (job, or upload of this user), upload-incomplete, invalid-request.
    """
    async with open_ledger(stores, account_id) as ledger:
        job = await ledger.job(job_id)
        upload = await uploads.get(ledger.connection, account_id, user_id, upload_id)
        if job is None or upload is None:
            raise not_found()
        name = f"attachments.{upload.file_id}"
        if name in job.fields:
            return job
        await _check(ledger, job, upload)
        attachment: dict[str, Json] = {
            "id": str(upload.file_id),
            "name": upload.name or str(upload.file_id),
            "size": upload.length,
            "sha256": upload.sha256,
            "media_type": upload.media_type or UNKNOWN_TYPE,
        }
        return ledger.write(job, {name: attachment}, ChangeKind.ATTACHMENT, by)


async def detach(
    stores: Stores, account_id: AccountId, by: Actor, job_id: JobId, attachment_id: FileId
) -> None:
    """Take an attachment off a job and its phones. Raises Refusal: not-found."""
    async with open_ledger(stores, account_id) as ledger:
        job = await ledger.job(job_id)
        name = f"attachments.{attachment_id}"
        if job is None or name not in job.fields:
            raise not_found()
        ledger.write(job, {name: None}, ChangeKind.ATTACHMENT, by)


async def _check(ledger: Ledger, job: Job, upload: Upload) -> None:
    if upload.kind is not FileKind.ATTACHMENT or upload.job_id != job.id:
        raise _wrong("this upload is for another job, or is a photo")
    if not upload.stored:
        raise Refusal(
            Slug.UPLOAD_INCOMPLETE, f"{upload.received} of {upload.length} bytes are here: finish it first."
        )
    if len(group(job.fields, "attachments")) >= MOST:
        raise _wrong(f"a job has at most {MOST} attachments")
    if await files.get(ledger.connection, ledger.account.id, upload.file_id):
        raise _wrong("another file has the id that this upload named")
    if await files.content(ledger.connection, ledger.account.id, upload.sha256) is None:
        raise Refusal(Slug.UPLOAD_INCOMPLETE, "The storage no longer has its bytes: upload the file again.")


def _wrong(detail: str) -> Refusal:
    return Refusal(
        Slug.INVALID_REQUEST, detail.capitalize() + ".", errors=(FieldError("/upload_id", detail),)
    )
