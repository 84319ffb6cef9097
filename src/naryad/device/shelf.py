"""The bytes of files on the phone's disk, each under its id, whole or not there; and parts being fetched."""

import hashlib
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from naryad.domain.ids import FileId

PART = ".part"
READ_AT_ONCE = 1 << 20


class Shelf:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def path(self, id: FileId) -> Path:
        return self.folder / str(id)

    def part(self, id: FileId) -> Path:
        return self.folder / f"{id}{PART}"

    def part_size(self, id: FileId) -> int:
        part = self.part(id)
        return part.stat().st_size if part.exists() else 0

    def keep(self, id: FileId, content: bytes) -> None:
        """Store a whole file. On the disk when this returns."""
        with self.part(id).open("wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        self._whole(id)

    def finish(self, id: FileId, sha256: str) -> bool:
        """The part is complete: it becomes the file if its hash is right, else it is thrown away."""
        hashed = hashlib.sha256()
        with self.part(id).open("rb") as part:
            while piece := part.read(READ_AT_ONCE):
                hashed.update(piece)
            os.fsync(part.fileno())
        if hashed.hexdigest() != sha256:
            self.drop_part(id)
            return False
        self._whole(id)
        return True

    def drop_part(self, id: FileId) -> None:
        self.part(id).unlink(missing_ok=True)

    def sweep(self, wanted: Collection[FileId]) -> None:
        """Remove what nothing speaks of: files forgotten, and those a crash left without a record."""
        for path in self.folder.iterdir():
            with suppress(ValueError):  # not ours
                if FileId(UUID(path.name.removesuffix(PART))) not in wanted:
                    path.unlink(missing_ok=True)

    def _whole(self, id: FileId) -> None:
        self.part(id).replace(self.path(id))
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
