"""Files: photos and attachments, their contents, and how a content lies in the object store.

A file is an id that people know; a content is bytes that the account has, named by their SHA-256.
Many files may have one content.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeGuard
from uuid import UUID

from naryad.domain.ids import FileId, JobId
from naryad.domain.json import JsonObject

SEGMENT = 8 * 1024 * 1024
"""A content lies in objects of this size, the last one shorter: each is written whole or not at all,
and no store keeps anything that a listing does not show (as it does of a broken multipart upload)."""


class FileKind(StrEnum):
    PHOTO = "photo"
    ATTACHMENT = "attachment"


class PhotoState(StrEnum):
    EXPECTED = "expected"  # its bytes are still on the phone
    AVAILABLE = "available"  # its bytes are here and proved
    FAILED = "failed"  # its bytes could not be kept, see `reason`; the phone may try again


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that the account has. `generation` tells this copy from one that the sweep is just removing."""

    sha256: str
    size: int
    generation: UUID

    @property
    def segments(self) -> int:
        return max(1, -(-self.size // SEGMENT))


@dataclass(frozen=True, slots=True)
class File:
    """A photo or an attachment of a job."""

    id: FileId
    job_id: JobId
    kind: FileKind
    sha256: str
    name: str | None
    media_type: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file, and all contents of one account together, in bytes."""

    file_max_bytes: int
    quota_bytes: int

    def within(self, file_max_bytes: int | None, quota_bytes: int | None) -> "Limits":
        """An account may have narrower limits than the installation, never wider ones."""
        return Limits(
            min(self.file_max_bytes, file_max_bytes or self.file_max_bytes),
            min(self.quota_bytes, quota_bytes or self.quota_bytes),
        )


def arrived(photo: JsonObject, content: Content) -> JsonObject:
    """The photo, now that its content is here."""
    kept = {name: value for name, value in photo.items() if name != "reason"}
    return {**kept, "size": content.size, "state": PhotoState.AVAILABLE}


def failed(photo: JsonObject, reason: str) -> JsonObject:
    """The photo, when its bytes cannot be had: `too-large`, `quota-exceeded` or `lost`."""
    return {**photo, "state": PhotoState.FAILED, "reason": reason}


def is_sha256(text: object) -> TypeGuard[str]:
    return isinstance(text, str) and len(text) == 64 and set(text) <= set("0123456789abcdef")
