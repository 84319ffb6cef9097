"""Answering with the bytes of a file: ranges, validators, and headers that keep a browser from running it."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response, StreamingResponse

from naryad.domain.files import File
from naryad.domain.refusals import Refusal, Slug

SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"})
"""Types that a browser shows in its place; everything else is saved."""

SAVED = frozenset({
    "application/pdf", "text/plain", "text/csv", "application/zip", "image/heic", "image/heif", "image/tiff",
    "audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "video/mp4", "video/quicktime", "video/webm",
    "application/msword", "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
})  # fmt: skip
"""Types that are named as they are; any other, HTML and SVG among them, is `application/octet-stream`."""

UNKNOWN = "application/octet-stream"
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=31536000, immutable",
}


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes from `start` to before `end`; `partial` when the request asked for a range."""

    start: int
    end: int
    partial: bool = False


def not_modified(request: Request, etag: str) -> bool:
    wanted = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
    return "*" in tags or etag in tags


def span(request: Request, etag: str, size: int) -> Span:
    """What of the file is asked for (RFC 9110 §14). Raises Refusal: range-not-satisfiable.

    A range we do not understand, several at once, or one of another version, is no range.
    """
    whole = Span(0, size)
    if_range = request.headers.get("if-range")
    if if_range is not None and if_range.strip() != etag:
        return whole
    found = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("range", "").strip())
    if found is None or found[0] == "bytes=-":
        return whole
    first, last = found[1], found[2]
    if first == "":
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return whole
    if start >= end:
        raise Refusal(Slug.BAD_RANGE, f"The file has {size} bytes.", extra={"size": size})
    return Span(start, end, partial=True)


def answer(
    file: File, etag: str, size: int, part: Span, pieces: AsyncGenerator[bytes, None] | None
) -> Response:
    """The bytes, or only their headers without `pieces`."""
    headers = {
        **SAFE,
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Content-Length": str(part.end - part.start),
        "Content-Disposition": disposition(file),
    }
    if part.partial:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{size}"
    status = 206 if part.partial else 200
    if pieces is None:
        return Response(None, status, headers, media_type=media_type(file))
    return StreamingResponse(pieces, status, headers, media_type=media_type(file))


def media_type(file: File) -> str:
    plain = file.media_type.partition(";")[0].strip().lower()
    if plain == "text/plain":
        return "text/plain; charset=utf-8"
    return plain if plain in SHOWN | SAVED else UNKNOWN


def disposition(file: File) -> str:
    """How a browser treats it, and under which name (RFC 6266)."""
    how = "inline" if media_type(file) in SHOWN else "attachment"
    name = file.name or f"{file.kind}-{file.id}{ENDINGS.get(media_type(file), '')}"
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif"}
