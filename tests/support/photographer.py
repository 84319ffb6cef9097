"""A reference device with a camera, for tests of files: its store and its shelf in one folder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from naryad.device.files import Files, Host, file_lane
from naryad.device.phone import Phone
from naryad.device.photograph import Photograph
from naryad.device.session import Credentials, Profile
from naryad.device.shelf import Shelf
from naryad.device.store import Store
from naryad.device.transport import Transport
from naryad.domain.ids import DeviceId, FileId, JobId
from naryad.domain.sync_policy import Trigger
from support.account import PASSWORD


class Photographer:
    def __init__(self, phone: Phone, files: Files, shelf: Shelf) -> None:
        self.phone, self.files, self.shelf = phone, files, shelf

    def take(self, job: dict[str, Any], content: bytes, field: str = "before") -> FileId:
        """A photo for this job; returns its id."""
        operation = self.phone.photograph(JobId(UUID(job["id"])), Photograph(field, content))
        return FileId(operation.work.id)  # type: ignore[union-attr] # photograph() makes an AddPhoto

    async def sync(self) -> None:
        """A sync, and whatever files it sets moving."""
        report = await self.phone.sync(Trigger.MANUAL)
        assert report.ok, report.why
        await self.files.idle()


@asynccontextmanager
async def photographer(
    url: str, folder: Path, login: str, device: DeviceId, password: str = PASSWORD
) -> AsyncIterator[Photographer]:
    """The phone as it was left in `folder`; leaving the block is the app's end, not the phone's loss."""
    store, shelf = Store(folder / "phone.sqlite", device), Shelf(folder / "files")
    made: list[Files] = []
    try:
        async with Transport(url) as transport, file_lane(url, shelf, chance=lambda: 0.5) as lane:

            def noted(host: Host) -> Files:
                made.append(lane(host))
                return made[0]

            credentials = Credentials(login, password)
            phone = Phone(store, transport, Profile("Телефон"), credentials=credentials, files=noted)
            yield Photographer(phone, made[0], shelf)
    finally:
        store.close()


def picture(size: int, seed: int = 0) -> bytes:
    """So many bytes that begin as a JPEG does and compress as badly."""
    return b"\xff\xd8\xff\xe0" + Random(seed).randbytes(size - 4)
