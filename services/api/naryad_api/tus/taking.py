"""One request about one upload: found, written by at most one request at a time, finished."""

import asyncio
from typing import Annotated, assert_never

from fastapi import Depends, Request

from naryad.actions.arrivals import finish
from naryad.actions.uploads import Writer, WriterReplaced, take_writer
from naryad.db import uploads
from naryad.db.uploads import Upload
from naryad.domain.ids import UploadId
from naryad.domain.refusals import Refusal, Slug, not_found
from naryad_api.deps import BlobsDep, LimitsDep, SignedIn, StoresDep, UploadDeskDep, actor
from naryad_api.tus.early import INTAKE
from naryad_api.tus.headers import Checksum
from naryad_api.tus.intake import Ended

TRY_EVERY_S = 0.1
TRIES = 10
"""A request whose connection just broke needs a moment to write what it still has, and let go."""


class Taking:
    """What a route needs to take an upload in."""

    def __init__(
        self,
        request: Request,
        session: SignedIn,
        stores: StoresDep,
        blobs: BlobsDep,
        desk: UploadDeskDep,
        limits: LimitsDep,
    ) -> None:
        self.request, self.session, self.limits = request, session, limits
        self.stores, self.blobs, self.desk = stores, blobs, desk

    async def find(self, upload_id: UploadId) -> Upload:
        """Raises Refusal: not-found, also for another user's upload, and for an expired one."""
        account_id, user_id = self.session.account_id, self.session.user_id
        async with self.stores.database.account(account_id) as connection:
            upload = await uploads.get(connection, account_id, user_id, upload_id)
        if upload is None:
            raise not_found()
        return upload

    async def settled(self, upload_id: UploadId) -> Upload:
        """The upload, when all that arrived of it is written: where a broken request may go on.

        An upload that is complete is proved by the way, if the request that completed it could not.
        """
        await self.find(upload_id)
        await self.desk.settled(self.request.url.path)
        upload = await self.find(upload_id)
        for _ in range(TRIES):
            if upload.writer is None or upload_id in self.desk.writing:
                break  # else: another replica writes it, perhaps what a broken line left
            await asyncio.sleep(TRY_EVERY_S)
            upload = await self.find(upload_id)
        return await self.proved(upload)

    async def proved(self, upload: Upload) -> Upload:
        """Finish the upload if all its bytes are here. Raises what `finish` raises, and upload-locked."""
        if upload.stored or not upload.complete:
            return upload
        writer = await self._writer(upload.id)
        if writer is not None:
            try:
                await self._finish(writer)
            finally:
                await writer.release()
        return await self.find(upload.id)

    async def append(self, upload_id: UploadId, offset: int, checksum: Checksum | None) -> Upload:
        """Write the body of this request at `offset`.

        Raises Refusal: not-found, upload-locked, offset-mismatch, too-large, checksum-mismatch, timeout,
        quota-exceeded; StorageUnavailable.
        """
        writer = await self._writer(upload_id)
        if writer is None:  # stored: all is said
            upload = await self.find(upload_id)
            _check_offset(upload.received, offset)
            return upload
        try:
            _check_offset(writer.position, offset)
            self._check_length(writer)
            ended = await self.desk.take_in(writer, self.request.scope[INTAKE], checksum)
            await self._check_end(writer, ended, offset, checksum)
            if writer.position == writer.upload.length:
                await self._finish(writer)
        except WriterReplaced:
            raise _locked() from None
        finally:
            await writer.release()
        return await self.find(upload_id)

    async def _writer(self, upload_id: UploadId) -> Writer | None:
        """Become the writer; None when there is nothing left to write. Raises Refusal: upload-locked."""
        account_id = self.session.account_id
        for _ in range(TRIES):
            if (await self.find(upload_id)).stored:
                return None
            writer = await take_writer(self.stores, self.blobs, account_id, upload_id)
            if writer is not None:
                before = self.desk.writing.get(upload_id)
                if before is not None:
                    before.end(Ended.REPLACED)
                return writer
            await asyncio.sleep(TRY_EVERY_S)
        raise _locked()

    async def _finish(self, writer: Writer) -> None:
        async with self.desk.finishing:
            try:
                await finish(writer, actor(self.session), self.limits)
            except WriterReplaced:
                raise _locked() from None

    def _check_length(self, writer: Writer) -> None:
        announced = self.request.headers.get("content-length", "")
        if announced.isdigit() and writer.position + int(announced) > writer.upload.length:
            raise _too_long(writer)

    async def _check_end(self, writer: Writer, ended: Ended, offset: int, checksum: Checksum | None) -> None:
        match ended:
            case Ended.WHOLE:
                if checksum is not None and not checksum.fits:
                    await writer.cut_back(offset)
                    raise Refusal(
                        Slug.CHECKSUM_MISMATCH,
                        f"Not what Upload-Checksum promised: send again from {offset}.",
                    )
            case Ended.CUT | Ended.SILENT:
                raise Refusal(
                    Slug.TIMEOUT, f"The body broke off; {writer.position} bytes of the file are kept."
                )
            case Ended.REPLACED:
                raise _locked()
            case Ended.TOO_LONG:
                raise _too_long(writer)
            case _:
                assert_never(ended)


TakingDep = Annotated[Taking, Depends()]


def _check_offset(position: int, offset: int) -> None:
    if position != offset:
        raise Refusal(
            Slug.OFFSET_MISMATCH,
            f"The upload goes on at {position}: HEAD says so.",
            extra={"offset": position},
        )


def _too_long(writer: Writer) -> Refusal:
    return Refusal(Slug.TOO_LARGE, f"Upload-Length promised {writer.upload.length} bytes, more came.")


def _locked() -> Refusal:
    return Refusal(
        Slug.UPLOAD_LOCKED, "Another request is sending this upload. Ask with HEAD where it is, then go on."
    )
