"""Refusals: every reason to say no, with its stable slug, status and title (RFC 9457 §3).

The API answers them as problem+json, the sync puts them into an operation's result.
"""

from dataclasses import dataclass
from enum import StrEnum

from naryad.domain.json import Json, JsonObject


class Slug(StrEnum):
    BAD_JSON = "bad-json"
    INVALID_CURSOR = "invalid-cursor"
    BAD_CHECKSUM = "bad-checksum"
    UNAUTHENTICATED = "unauthenticated"
    WRONG_CREDENTIALS = "wrong-credentials"
    FORBIDDEN = "forbidden"
    BAD_ORIGIN = "bad-origin"
    NOT_A_DEVICE = "not-a-device"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    TIMEOUT = "timeout"
    OPERATION_GAP = "operation-gap"
    OPERATION_MISMATCH = "operation-mismatch"
    IMPOSSIBLE_TRANSITION = "impossible-transition"
    ALREADY_EXISTS = "already-exists"
    DEVICE_TAKEN = "device-taken"
    CURSOR_EXPIRED = "cursor-expired"
    OFFSET_MISMATCH = "offset-mismatch"
    UPLOAD_INCOMPLETE = "upload-incomplete"
    VERSION_MISMATCH = "version-mismatch"
    TUS_VERSION = "tus-version"
    TOO_LARGE = "too-large"
    MEDIA_TYPE = "unsupported-media-type"
    BAD_RANGE = "range-not-satisfiable"
    INVALID_REQUEST = "invalid-request"
    RESOLUTION_REQUIRED = "resolution-required"
    REPORT_INCOMPLETE = "report-incomplete"
    DATE_REQUIRED = "date-required"
    NO_PREVIEW = "no-preview"
    UPLOAD_LOCKED = "upload-locked"
    TOO_MANY_REQUESTS = "too-many-requests"
    CHECKSUM_MISMATCH = "checksum-mismatch"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"
    QUOTA_EXCEEDED = "quota-exceeded"
    STORAGE_FULL = "storage-full"
    # only inside the results of a sync
    JOB_NOT_FOUND = "job-not-found"
    JOB_GONE = "job-gone"
    NOT_EDITOR = "not-editor"
    INVALID_OPERATION = "invalid-operation"


TITLES: dict[Slug, tuple[int, str]] = {
    Slug.BAD_JSON: (400, "The body is not JSON"),
    Slug.INVALID_CURSOR: (400, "The cursor cannot be read"),
    Slug.BAD_CHECKSUM: (400, "The checksum cannot be read"),
    Slug.UNAUTHENTICATED: (401, "Sign in first"),
    Slug.WRONG_CREDENTIALS: (401, "Wrong login or password"),
    Slug.FORBIDDEN: (403, "Your role may not do this"),
    Slug.BAD_ORIGIN: (403, "The request comes from another site"),
    Slug.NOT_A_DEVICE: (403, "Only a worker's device may do this"),
    Slug.NOT_FOUND: (404, "There is no such thing here"),
    Slug.METHOD_NOT_ALLOWED: (405, "This address does not answer that method"),
    Slug.TIMEOUT: (408, "The request fell silent"),
    Slug.OPERATION_GAP: (409, "Operations are missing before these"),
    Slug.OPERATION_MISMATCH: (409, "Another operation has this number"),
    Slug.IMPOSSIBLE_TRANSITION: (409, "The job cannot go to that state from here"),
    Slug.ALREADY_EXISTS: (409, "This already exists"),
    Slug.DEVICE_TAKEN: (409, "The device belongs to another worker"),
    Slug.CURSOR_EXPIRED: (410, "The cursor is too old or of another history"),
    Slug.OFFSET_MISMATCH: (409, "The upload goes on at another offset"),
    Slug.UPLOAD_INCOMPLETE: (409, "The upload is not complete"),
    Slug.VERSION_MISMATCH: (412, "It has changed meanwhile"),
    Slug.TUS_VERSION: (412, "This version of tus is not spoken here"),
    Slug.TOO_LARGE: (413, "The request is too large"),
    Slug.MEDIA_TYPE: (415, "This type of body is not understood"),
    Slug.BAD_RANGE: (416, "The file has no such range"),
    Slug.INVALID_REQUEST: (422, "The request is not valid"),
    Slug.RESOLUTION_REQUIRED: (422, "A resolution is required to finish"),
    Slug.REPORT_INCOMPLETE: (422, "Required report fields are empty"),
    Slug.DATE_REQUIRED: (422, "A date is required"),
    Slug.NO_PREVIEW: (422, "No preview can be made"),
    Slug.UPLOAD_LOCKED: (423, "Another request is sending this upload"),
    Slug.TOO_MANY_REQUESTS: (429, "Too many requests"),
    Slug.CHECKSUM_MISMATCH: (460, "The bytes are not those that were promised"),
    Slug.INTERNAL: (500, "Something went wrong on the server"),
    Slug.UNAVAILABLE: (503, "The service is unavailable for the moment"),
    Slug.QUOTA_EXCEEDED: (507, "The account's room for files is used up"),
    Slug.STORAGE_FULL: (507, "The storage is full"),
    Slug.JOB_NOT_FOUND: (404, "There is no such job"),
    Slug.JOB_GONE: (409, "The job is no longer on this phone"),
    Slug.NOT_EDITOR: (403, "Another worker edits this job"),
    Slug.INVALID_OPERATION: (422, "The operation is not valid"),
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one member; `pointer` is a JSON pointer into the request (RFC 6901)."""

    pointer: str
    detail: str


class Refusal(Exception):
    """No, and why. Nothing has been changed."""

    def __init__(
        self,
        slug: Slug,
        detail: str,
        *,
        errors: tuple[FieldError, ...] = (),
        extra: JsonObject | None = None,
    ) -> None:
        super().__init__(f"{slug}: {detail}")
        self.slug = slug
        self.detail = detail
        self.errors = errors
        self.extra = extra or {}

    @property
    def status(self) -> int:
        return TITLES[self.slug][0]

    def as_json(self) -> dict[str, Json]:
        """The body of a problem+json answer."""
        status, title = TITLES[self.slug]
        body: dict[str, Json] = {
            "type": f"urn:naryad:problem:{self.slug}",
            "title": title,
            "status": status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [{"pointer": one.pointer, "detail": one.detail} for one in self.errors]
        return body | dict(self.extra)


def invalid(pointer: str, detail: str) -> Refusal:
    """A request refused for one member of its body."""
    return Refusal(Slug.INVALID_REQUEST, detail, errors=(FieldError(pointer, detail),))


def not_found() -> Refusal:
    """Absent, or another account's: the answer is the same."""
    return Refusal(Slug.NOT_FOUND, "It does not exist, or it is not yours to see.")
