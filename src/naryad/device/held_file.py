"""A file as the phone accounts for it: a photo on its way to the server, an attachment on its way here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from naryad.domain.ids import FileId, JobId


class Stage(StrEnum):
    WAITING = "waiting"  # bytes have to move, at the next sync on a fast network
    SENT = "sent"  # a photo whose every byte was acknowledged; the server has not yet said `available`
    HELD = "held"  # an attachment, whole and verified
    REFUSED = "refused"  # a photo whose add_photo was rejected: kept while its notice is unread


@dataclass(frozen=True, slots=True)
class HeldFile:
    id: FileId
    kind: Literal["photo", "attachment"]
    job_id: JobId
    sha256: str
    """Hex, of the whole content."""
    size: int
    media_type: str
    name: str
    stage: Stage = Stage.WAITING
    upload: str | None = None
    """A photo's upload: its address on the server, as the creation answered it."""
    etag: str | None = None
    """An attachment's: what the part on the disk is a part of."""
    why: str = ""
    """Why it did not move the last time, for the worker."""
