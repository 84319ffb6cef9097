"""Operations: a worker's intents as they arrive in a sync, perhaps days after they were meant.

Only `seq` and `id` must be right for the request to be taken; whatever else is wrong makes
that one operation rejected, acknowledged with its problem, never blocking the queue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from naryad.domain.files import PhotoState, is_sha256
from naryad.domain.ids import JobId, OperationId
from naryad.domain.instant import from_text
from naryad.domain.json import Json, JsonObject
from naryad.domain.refusals import FieldError, Refusal, Slug
from naryad.domain.states import PLANNED, JobState

MAX_TEXT = 10_000
MAX_FIELDS = 200
CLOCK_TOLERANCE = timedelta(seconds=5)
"""A skew below this is as likely the network's delay as the clock's error."""


class Status(StrEnum):
    APPLIED = "applied"
    MERGED = "merged"  # someone else changed the same since: see overrode and lost
    LATE = "late"  # the job had been taken away; the work is kept and attributed
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class SetState:
    state: JobState
    resolution_id: UUID | None


@dataclass(frozen=True, slots=True)
class SetReport:
    fields: JsonObject  # by merge name; null clears


@dataclass(frozen=True, slots=True)
class AddPhoto:
    photo_id: UUID
    photo: JsonObject


@dataclass(frozen=True, slots=True)
class RemovePhoto:
    photo_id: UUID


@dataclass(frozen=True, slots=True)
class AddComment:
    comment_id: UUID
    text: str


Intent: TypeAlias = SetState | SetReport | AddPhoto | RemovePhoto | AddComment


@dataclass(frozen=True, slots=True)
class Operation:
    seq: int
    id: OperationId
    job_id: JobId
    base_version: int
    happened_at: datetime
    intent: Intent


def parse(seq: int, id: OperationId, body: JsonObject) -> Operation:
    """Read an operation. Raises Refusal (invalid-operation) naming the member that is wrong."""
    return Operation(
        seq=seq,
        id=id,
        job_id=JobId(_uuid(body, "job_id")),
        base_version=_version(body),
        happened_at=_instant(body, "happened_at"),
        intent=_intent(body),
    )


def corrected(happened_at: datetime, skew: timedelta, now: datetime) -> datetime:
    """When it happened by the server's clock: the device's time plus the skew, never in the future."""
    try:
        return min(happened_at if abs(skew) < CLOCK_TOLERANCE else happened_at + skew, now)
    except OverflowError:  # a clock at one end of the calendar
        return now


def wanted(intent: Intent) -> JsonObject:
    """The fields that an intent wants to write, by merge name; null clears."""
    match intent:
        case SetState(state):
            return {"state": state}
        case SetReport(fields):
            return fields
        case AddPhoto(photo_id, photo):
            return {f"photos.{photo_id}": photo}
        case RemovePhoto(photo_id):
            return {f"photos.{photo_id}": None}
        case AddComment(comment_id, text):
            return {f"comments.{comment_id}": {"id": str(comment_id), "text": text}}
        case _:
            assert_never(intent)


def job_named(body: JsonObject) -> JobId | None:
    """The job that an operation names, also one that is wrong otherwise."""
    try:
        return JobId(_uuid(body, "job_id"))
    except Refusal:
        return None


def time_named(body: JsonObject) -> datetime | None:
    """When an operation says it was done, also one that is wrong otherwise."""
    try:
        return _instant(body, "happened_at")
    except Refusal:
        return None


def _intent(body: JsonObject) -> Intent:
    match body.get("type"):
        case "set_state":
            return SetState(_state(body), _uuid(body, "resolution_id") if body.get("resolution_id") else None)
        case "set_report":
            return SetReport(_report(body))
        case "add_photo":
            return _add_photo(_object(body, "photo"))
        case "remove_photo":
            return RemovePhoto(_uuid(body, "photo_id"))
        case "add_comment":
            comment = _object(body, "comment")
            return AddComment(_uuid(comment, "id", "comment/"), _text(comment, "text", "comment/"))
        case other:
            raise wrong("type", f"unknown type of operation: {other!r:.60}")


def _state(body: JsonObject) -> JobState:
    try:
        state = JobState(str(body.get("state")))
    except ValueError:
        raise wrong("state", "unknown state") from None
    if state in PLANNED:
        raise wrong("state", "a worker cannot unpublish a job")
    return state


def _report(body: JsonObject) -> dict[str, Json]:
    fields = _object(body, "fields")
    if not fields or len(fields) > MAX_FIELDS:
        raise wrong("fields", f"between 1 and {MAX_FIELDS} fields are expected")
    for key, value in fields.items():
        if not 0 < len(key) <= 64 or "." in key:
            raise wrong("fields", "a key has 1 to 64 characters and no dot")
        if not isinstance(value, str | int | float | bool | None):
            raise wrong(f"fields/{key}", "a text, a number, true, false or null is expected")
        if isinstance(value, str) and len(value) > MAX_TEXT:
            raise wrong(f"fields/{key}", f"at most {MAX_TEXT} characters")
    return {f"report.{key}": value for key, value in fields.items()}


def _add_photo(photo: JsonObject) -> AddPhoto:
    photo_id = _uuid(photo, "id", "photo/")
    digest, size = photo.get("sha256"), photo.get("size")
    if not is_sha256(digest):
        raise wrong("photo/sha256", "64 hex digits are expected")
    if not isinstance(size, int) or isinstance(size, bool) or size <= 0:
        raise wrong("photo/size", "a number of bytes is expected")
    kept: dict[str, Json] = {
        "id": str(photo_id),
        "field": _text(photo, "field", "photo/"),
        "sha256": digest,
        "size": size,
        "media_type": _text(photo, "media_type", "photo/"),
        "state": PhotoState.EXPECTED,
    }
    if photo.get("taken_at") is not None:
        _instant(photo, "taken_at", "photo/")
        kept["taken_at"] = photo["taken_at"]
    for name, limit in (("latitude", 90), ("longitude", 180)):
        place = photo.get(name)
        if place is None:
            continue
        if not isinstance(place, int | float) or isinstance(place, bool) or abs(place) > limit:
            raise wrong(f"photo/{name}", f"a number between -{limit} and {limit} is expected")
        kept[name] = place
    return AddPhoto(photo_id, kept)


def _version(body: JsonObject) -> int:
    value = body.get("base_version")
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise wrong("base_version", "the version of the job as the phone held it is expected")
    return value


def _uuid(body: JsonObject, name: str, inside: str = "") -> UUID:
    try:
        return UUID(str(body.get(name)))
    except ValueError:
        raise wrong(inside + name, "a UUID is expected") from None


def _instant(body: JsonObject, name: str, inside: str = "") -> datetime:
    try:
        return from_text(str(body.get(name)))
    except (ValueError, OverflowError):
        raise wrong(
            inside + name, "an instant with an offset is expected: 2026-11-24T10:02:03+03:00"
        ) from None


def _text(body: JsonObject, name: str, inside: str = "") -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
        raise wrong(inside + name, f"a text of 1 to {MAX_TEXT} characters is expected")
    return value


def _object(body: JsonObject, name: str) -> JsonObject:
    value = body.get(name)
    if not isinstance(value, Mapping):
        raise wrong(name, "an object is expected")
    return value


def wrong(pointer: str, detail: str) -> Refusal:
    return Refusal(
        Slug.INVALID_OPERATION, f"{pointer}: {detail}", errors=(FieldError(f"/{pointer}", detail),)
    )
