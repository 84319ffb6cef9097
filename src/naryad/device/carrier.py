"""Files over HTTP: uploads by tus 1.0.0, downloads by ranges. Every outcome becomes a value.

https://tus.io/protocols/resumable-upload
"""

import base64
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast
from urllib.parse import urljoin

import httpx

from naryad.device.held_file import HeldFile
from naryad.device.retry_after import retry_after_s
from naryad.domain.json import JsonObject

PIECE = 16 * 1024
"""Bytes handed to the connection, or written to the disk, at once."""


@dataclass(frozen=True, slots=True)
class At:
    """The upload is there and has so many bytes."""

    offset: int
    upload: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Gone:
    """The upload has expired, or its bytes were thrown away because their hash was wrong: begin anew."""

    why: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A download that ended, whole or not: `size` bytes came in `seconds`, and now the part holds `held`."""

    held: int
    size: int
    seconds: float
    etag: str | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """It did not work; `signed_out` when the session has ended, which the next sync finds out too."""

    why: str
    retry_after_s: float | None = None
    signed_out: bool = False


class Carrier:
    """Moves files for one phone. `token` is asked anew for every request."""

    def __init__(self, base_url: str, client: httpx.AsyncClient | None = None) -> None:
        self._base = base_url.rstrip("/")
        self._client = client or httpx.AsyncClient(
            timeout=httpx.Timeout(60.0, connect=10.0), limits=httpx.Limits(max_connections=1)
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def create(self, file: HeldFile, token: str) -> At | Stopped:
        metadata = {
            "kind": file.kind,
            "id": str(file.id),
            "job_id": str(file.job_id),
            "sha256": file.sha256,
            "filename": file.name,
            "filetype": file.media_type,
        }
        encoded = ",".join(f"{name} {base64.b64encode(v.encode()).decode()}" for name, v in metadata.items())
        headers = {"Upload-Length": str(file.size), "Upload-Metadata": encoded}
        answer = await self._tus("POST", f"{self._base}/v1/uploads", token, headers)
        if isinstance(answer, Stopped):
            return answer
        if answer.response.status_code != 201 or "location" not in answer.response.headers:
            return _stopped(answer.response)
        address = urljoin(f"{self._base}/v1/uploads", answer.response.headers["location"])
        return At(0, address, answer.seconds)

    async def where(self, upload: str, token: str) -> At | Gone | Stopped:
        """What the server has of an upload: never guessed, always asked."""
        answer = await self._tus("HEAD", upload, token, {})
        if isinstance(answer, Stopped):
            return answer
        if answer.response.status_code in (404, 410):
            return Gone("the upload has expired")
        return _at(answer, upload, (200, 204))

    async def send(self, upload: str, offset: int, path: Path, size: int, token: str) -> At | Gone | Stopped:
        """Send `size` bytes from `offset`."""
        headers = {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(size),
        }
        answer = await self._tus("PATCH", upload, token, headers, _pieces(path, offset, size))
        if isinstance(answer, Stopped):
            return answer
        status = answer.response.status_code
        if status in (404, 410):
            return Gone("the upload has expired")
        if status == 460:
            return Gone("the bytes arrived damaged")
        return _at(answer, upload, (204,))

    async def fetch(
        self, file: HeldFile, part: Path, held: int, token: str, go_on: Callable[[int, float], bool]
    ) -> Fetched | Stopped:
        """Fetch what is missing of an attachment into its part, which holds `held` bytes of it.

        `go_on(bytes, seconds)` is asked after every piece; what has come by then is kept.
        """
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        if held and file.etag:
            headers |= {"Range": f"bytes={held}-", "If-Range": file.etag}
        fetched = None
        try:
            async with self._client.stream(
                "GET", f"{self._base}/v1/files/{file.id}", headers=headers
            ) as answer:
                if answer.status_code not in (200, 206):
                    await answer.aread()
                    return _stopped(answer)
                going_on = answer.status_code == 206
                fetched = Fetched(held if going_on else 0, 0, 0.0, answer.headers.get("etag"))
                begun = time.perf_counter()
                with part.open("ab" if going_on else "wb") as written:
                    async for piece in answer.aiter_raw(PIECE):
                        written.write(piece)
                        size, seconds = fetched.size + len(piece), time.perf_counter() - begun
                        fetched = replace(fetched, held=fetched.held + len(piece), size=size, seconds=seconds)
                        if not go_on(size, seconds):
                            break
        except httpx.HTTPError as lost:
            return fetched or Stopped(f"the connection broke: {lost!r}")
        return fetched

    async def _tus(
        self,
        method: str,
        address: str,
        token: str,
        headers: Mapping[str, str],
        content: AsyncIterator[bytes] | None = None,
    ) -> "_Answer | Stopped":
        started = time.perf_counter()
        try:
            response = await self._client.request(
                method,
                address,
                headers={"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0", **headers},
                content=content,
            )
        except httpx.HTTPError as lost:
            return Stopped(f"the connection broke: {lost!r}")
        return _Answer(response, time.perf_counter() - started)


@dataclass(frozen=True, slots=True)
class _Answer:
    response: httpx.Response
    seconds: float


def _at(answer: _Answer, upload: str, good: tuple[int, ...]) -> At | Stopped:
    offset = answer.response.headers.get("upload-offset", "")
    if answer.response.status_code not in good or not offset.isdigit():
        return _stopped(answer.response)
    return At(int(offset), upload, answer.seconds)


def _stopped(response: httpx.Response) -> Stopped:
    try:
        problem = cast(JsonObject, json.loads(response.content))
        said = str(problem["detail"])
    except (ValueError, TypeError, KeyError):
        said = f"the server answered {response.status_code}"
    wait = retry_after_s(response.headers.get("retry-after"), response.headers.get("date"))
    return Stopped(said, wait, signed_out=response.status_code == 401)


async def _pieces(path: Path, offset: int, size: int) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        file.seek(offset)
        while size > 0 and (piece := file.read(min(PIECE, size))):
            size -= len(piece)
            yield piece
