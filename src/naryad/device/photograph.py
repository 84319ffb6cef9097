"""A photo as it was taken: its record travels as an operation, its bytes as a file."""

import hashlib
from dataclasses import dataclass

from naryad.device.held_file import HeldFile
from naryad.device.operations import AddPhoto
from naryad.domain.ids import FileId, JobId
from naryad.domain.json import Json


@dataclass(frozen=True, slots=True)
class Photograph:
    """Time and place come from the camera, read before the photo was reduced (which drops them)."""

    field: str
    content: bytes
    media_type: str = "image/jpeg"
    taken_at: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def record(self, id: FileId) -> AddPhoto:
        said: dict[str, Json] = {
            "field": self.field,
            "sha256": self.sha256,
            "size": len(self.content),
            "media_type": self.media_type,
            "taken_at": self.taken_at,
            "latitude": self.latitude,
            "longitude": self.longitude,
        }
        return AddPhoto(id, {name: value for name, value in said.items() if value is not None})

    def file(self, id: FileId, job: JobId) -> HeldFile:
        name = f"{self.field}.{self.media_type.partition('/')[2]}"
        return HeldFile(id, "photo", job, self.sha256, len(self.content), self.media_type, name)
