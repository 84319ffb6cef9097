"""The headers of tus: read, refused in words, written."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from naryad.db.uploads import Upload
from naryad.domain.files import FileKind, is_sha256
from naryad.domain.refusals import FieldError, Refusal, Slug

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
BODY = "application/offset+octet-stream"
ALGORITHMS: Mapping[str, Callable[[], "hashlib._Hash"]] = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
MAX_METADATA = 4_000
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Described:
    """What `Upload-Metadata` says of a file."""

    kind: FileKind
    file_id: UUID
    job_id: UUID
    sha256: str
    name: str | None
    media_type: str | None


@dataclass(slots=True)
class Checksum:
    """The promised hash of one request's body, and what of it has been seen."""

    hashed: "hashlib._Hash"
    promised: bytes

    @property
    def fits(self) -> bool:
        return self.hashed.digest() == self.promised


def check_version(spoken: str | None) -> None:
    if spoken != VERSION:
        raise Refusal(
            Slug.TUS_VERSION, f"Tus-Resumable: {VERSION} is expected.", extra={"supported": VERSION}
        )


def check_body(content_type: str | None) -> None:
    if (content_type or "").partition(";")[0].strip().lower() != BODY:
        raise Refusal(Slug.MEDIA_TYPE, f"Content-Type: {BODY} is expected.")


def checksum(header: str | None) -> Checksum | None:
    """`Upload-Checksum: sha1 <base64>`. Raises Refusal for another algorithm."""
    if header is None:
        return None
    algorithm, _, encoded = header.strip().partition(" ")
    hashing = ALGORITHMS.get(algorithm.lower())
    promised = _decoded(encoded.strip())
    if hashing is None or promised is None:
        detail = f"{' or '.join(ALGORITHMS)}, a space and a hash in base64 are expected"
        raise Refusal(
            Slug.BAD_CHECKSUM,
            detail.capitalize() + ".",
            errors=(FieldError("/header/upload-checksum", detail),),
        )
    return Checksum(hashing(), promised)


def describe(header: str) -> Described:
    """`Upload-Metadata: kind <base64>,id <base64>,…`. Raises Refusal naming each member that is wrong."""
    told = _metadata(header)
    errors: list[FieldError] = []

    def read(name: str, parse: Callable[[str], Any], expected: str) -> Any:
        try:
            return parse(told.get(name) or "")
        except ValueError:
            errors.append(FieldError(f"/header/upload-metadata/{name}", expected))
            return None

    kind = read("kind", FileKind, "photo or attachment is expected")
    file_id = read("id", UUID, "a UUID is expected, the photo's or the new attachment's")
    job_id = read("job_id", UUID, "a UUID is expected")
    sha256 = read("sha256", _sha256, "64 hex digits are expected, the SHA-256 of the whole file")
    name = read("filename", _short, f"at most {MAX_NAME} characters")
    media_type = read("filetype", _short, f"at most {MAX_NAME} characters")
    if errors:
        raise Refusal(
            Slug.INVALID_REQUEST, "Upload-Metadata does not say enough: see errors.", errors=tuple(errors)
        )
    return Described(kind, file_id, job_id, sha256, name, media_type)


def of_upload(upload: Upload, offset: int | None = None) -> dict[str, str]:
    """What every answer about an upload says."""
    return {
        "Upload-Offset": str(upload.received if offset is None else offset),
        "Upload-Expires": format_datetime(upload.expires_at, usegmt=True),
        "Cache-Control": "no-store",
    }


def of_service(max_size: int) -> dict[str, str]:
    """What OPTIONS says."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        "Tus-Max-Size": str(max_size),
    }


def _metadata(header: str) -> dict[str, str]:
    if len(header) > MAX_METADATA:
        raise _bad_metadata(f"at most {MAX_METADATA} characters")
    told: dict[str, str] = {}
    for pair in header.split(","):
        key, _, encoded = pair.strip().partition(" ")
        value = _decoded(encoded.strip())
        if value is None or not key or key in told:
            raise _bad_metadata(
                "different keys are expected, each followed by a space and its value in base64"
            )
        try:
            told[key] = value.decode()
        except UnicodeDecodeError:
            raise _bad_metadata(f"{key}: UTF-8 is expected") from None
    return told


def _bad_metadata(detail: str) -> Refusal:
    return Refusal(
        Slug.INVALID_REQUEST,
        "Upload-Metadata cannot be read: see errors.",
        errors=(FieldError("/header/upload-metadata", detail),),
    )


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _sha256(text: str) -> str:
    lower = text.lower()
    if not is_sha256(lower):
        raise ValueError
    return lower


def _short(text: str) -> str | None:
    if len(text) > MAX_NAME or "\0" in text:
        raise ValueError
    return text.strip() or None
