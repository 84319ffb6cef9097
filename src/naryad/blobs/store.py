"""The object store: put, read, delete, list."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore

from naryad.blobs.errors import BlobMissing, storage_error

if TYPE_CHECKING:
    from obstore import GetOptions

PIECE = 256 * 1024
LISTED_AT_ONCE = 500
THREADS = 16

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Blob:
    key: str
    size: int
    modified_at: datetime


class Blobs:
    """Objects by key. `folder` is where they lie if they lie in a folder of this machine.

    All methods raise StorageUnavailable, or StorageFull, when the store cannot do it. Each call runs in a
    thread of ours: obstore's own async calls are answered from a foreign thread, which now and then meets
    an interpreter that is just ending, and aborts the process.
    """

    def __init__(self, store: "ObjectStore", folder: Path | None) -> None:
        self._store = store
        self._folder = folder
        self._threads = ThreadPoolExecutor(THREADS, "naryad-blobs")

    async def put(self, key: str, data: bytes | bytearray) -> None:
        """Write an object, whole or not at all. It is on the disk when this returns."""

        def put() -> None:
            obstore.put(self._store, key, data, use_multipart=False)
            if self._folder is not None:
                _to_disk(self._folder / key, self._folder)

        await self._run(put)

    async def read(self, key: str) -> bytes:
        """Raises BlobMissing."""
        return await self._run(lambda: bytes(obstore.get(self._store, key).bytes()))

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """The bytes from `start` to before `end`, piece by piece. Raises BlobMissing."""
        options: GetOptions = {} if end is None else {"range": (start, end)}
        pieces = await self._run(
            lambda: obstore.get(self._store, key, options=options).stream(min_chunk_size=PIECE)
        )
        while (piece := await self._run(lambda: next(pieces, None))) is not None:
            yield bytes(piece)

    async def delete(self, keys: Sequence[str]) -> None:
        """Delete objects; what is gone already is fine."""
        for key in keys:
            with suppress(BlobMissing):
                await self._run(partial(obstore.delete, self._store, key))

    async def list(self, prefix: str) -> AsyncGenerator[list[Blob], None]:
        """All objects below a prefix, some hundred at a time."""
        pages = obstore.list(self._store, prefix, chunk_size=LISTED_AT_ONCE)
        while (page := await self._run(lambda: next(pages, None))) is not None:
            yield [Blob(one["path"], one["size"], one["last_modified"]) for one in page]

    async def drop_torn(self, before: datetime) -> int:
        """Remove what a killed process left of a write into the folder; no listing shows it."""
        folder = self._folder
        return 0 if folder is None else await self._run(lambda: _drop_torn(folder, before))

    async def _run(self, work: Callable[[], T]) -> T:
        with _translated():
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise BlobMissing(str(error).partition("\n")[0]) from None
    except (BaseError, OSError) as error:
        raise storage_error(error) from None


def _to_disk(path: Path, root: Path) -> None:
    """obstore renames a finished file into place without syncing it: a power cut could leave an empty one."""
    _fsync(path)
    folder = path.parent
    while folder != root.parent:  # the names of new folders too
        _fsync(folder)
        if folder == root:
            return
        folder = folder.parent


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _drop_torn(root: Path, before: datetime) -> int:
    dropped = 0
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder) / name
            if not is_torn(name):
                continue
            modified_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if modified_at < before:
                path.unlink(missing_ok=True)
                dropped += 1
    return dropped


def is_torn(name: str) -> bool:
    """Whether a file is one that obstore is writing, or never finished: `<name>#<number>`."""
    _, mark, number = name.rpartition("#")
    return bool(mark) and number.isdigit()
