"""What a worker can do, and how it travels: an operation of a device, numbered without gaps."""

from dataclasses import dataclass
from typing import TypeAlias, assert_never, cast
from uuid import UUID

from naryad.domain.ids import JobId, OperationId
from naryad.domain.json import Json, JsonObject
from naryad.domain.states import JobState


@dataclass(frozen=True, slots=True)
class SetState:
    state: JobState
    resolution_id: UUID | None = None
    """Needed to finish."""


@dataclass(frozen=True, slots=True)
class SetReport:
    fields: JsonObject
    """Key → value; null clears."""


@dataclass(frozen=True, slots=True)
class AddComment:
    id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class AddPhoto:
    """The record of a photo. Its bytes travel in the other lane, before or after."""

    id: UUID
    record: JsonObject
    """field, sha256, size, media_type, taken_at, latitude, longitude"""


@dataclass(frozen=True, slots=True)
class RemovePhoto:
    photo_id: UUID


Work: TypeAlias = SetState | SetReport | AddComment | AddPhoto | RemovePhoto


@dataclass(frozen=True, slots=True)
class Operation:
    """One piece of work. Its id is for ever, its `seq` may change until it is acknowledged."""

    seq: int
    id: OperationId
    job_id: JobId
    base_version: int
    """Of the job as the worker saw it."""
    happened_at: str
    """By the phone's clock, RFC 3339 with offset."""
    work: Work

    def as_json(self) -> dict[str, Json]:
        return {
            "seq": self.seq,
            "id": str(self.id),
            "job_id": str(self.job_id),
            "base_version": self.base_version,
            "happened_at": self.happened_at,
            **work_as_json(self.work),
        }


def work_as_json(work: Work) -> dict[str, Json]:
    match work:
        case SetState(state, None):
            return {"type": "set_state", "state": state}
        case SetState(state, resolution_id):
            return {"type": "set_state", "state": state, "resolution_id": str(resolution_id)}
        case SetReport(fields):
            return {"type": "set_report", "fields": fields}
        case AddComment(id, text):
            return {"type": "add_comment", "comment": {"id": str(id), "text": text}}
        case AddPhoto(id, record):
            return {"type": "add_photo", "photo": {"id": str(id), **record}}
        case RemovePhoto(photo_id):
            return {"type": "remove_photo", "photo_id": str(photo_id)}
        case _:
            assert_never(work)


def operation_from_json(kept: JsonObject) -> Operation:
    """The inverse of `Operation.as_json`, for the store."""
    return Operation(
        seq=cast(int, kept["seq"]),
        id=OperationId(UUID(cast(str, kept["id"]))),
        job_id=JobId(UUID(cast(str, kept["job_id"]))),
        base_version=cast(int, kept["base_version"]),
        happened_at=cast(str, kept["happened_at"]),
        work=_work_from_json(kept),
    )


def _work_from_json(kept: JsonObject) -> Work:
    match kept["type"]:
        case "set_state":
            resolution = kept.get("resolution_id")
            return SetState(
                JobState(cast(str, kept["state"])), UUID(resolution) if isinstance(resolution, str) else None
            )
        case "set_report":
            return SetReport(cast("JsonObject", kept["fields"]))
        case "add_comment":
            comment = cast("JsonObject", kept["comment"])
            return AddComment(UUID(cast(str, comment["id"])), cast(str, comment["text"]))
        case "add_photo":
            photo = dict(cast("JsonObject", kept["photo"]))
            return AddPhoto(UUID(cast(str, photo.pop("id"))), photo)
        case "remove_photo":
            return RemovePhoto(UUID(cast(str, kept["photo_id"])))
        case unknown:
            raise ValueError(f"the store holds an operation of unknown type {unknown!r}")
