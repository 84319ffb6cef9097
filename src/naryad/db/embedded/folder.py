"""The data folder: what lies where, who holds it, and the passwords of its database.

- naryad.lock: held (flock) by the process that runs the server
- database.json: passwords and the cluster's name, readable by the owner only
- postgres/: the cluster; made inside new-…/ and moved here when complete
"""

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from naryad.db.embedded.errors import DataFolderInUse, EmbeddedError, ForeignVersion

WORKSHOP_PREFIX = "new-"


@dataclass(frozen=True, slots=True)
class Secrets:
    """One password per login role, and a name that the server's processes carry in their titles."""

    name: str
    superuser: str = field(repr=False)
    owner: str = field(repr=False)
    service: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths below one data folder, absolute."""

    path: Path

    @property
    def lock(self) -> Path:
        return self.path / "naryad.lock"

    @property
    def secrets(self) -> Path:
        return self.path / "database.json"

    @property
    def cluster(self) -> Path:
        return self.path / "postgres"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for this process alone. Raises DataFolderInUse, naming the holder."""
        self._create()
        # Append mode: opening must not wipe what the holder wrote.
        with self.lock.open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip() or "unknown"
                raise DataFolderInUse(
                    f"The data folder {self.path} is in use by another Naryad (process {holder}). "
                    "Stop that one, or choose another folder with --data."
                ) from None
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield

    def _create(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EmbeddedError(f"The data folder {self.path} cannot be made: {error.strerror}.") from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise EmbeddedError(f"The data folder {self.path} is not writable for this user.")

    def check_version(self, major: int) -> None:
        """Raises ForeignVersion unless the cluster is of this major version or not there yet."""
        if not self.cluster.exists():
            return
        try:
            found = (self.cluster / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise EmbeddedError(
                f"{self.cluster} is not a PostgreSQL cluster (it has no PG_VERSION). "
                "Move it away, or choose another folder with --data."
            ) from None
        if found != str(major):
            raise ForeignVersion(
                f"The data folder {self.path} was made by PostgreSQL {found}; this Naryad carries "
                f"PostgreSQL {major} and leaves it untouched. Dump it with the Naryad that made it "
                "(pg_dump as superuser) and load the dump into a new folder, or choose another with --data."
            )

    def server_status(self, pid: int) -> str | None:
        """`starting`, `ready` or `stopping` if the server with this process id says so, else None."""
        try:
            lines = self.pid_file.read_text().splitlines()
        except FileNotFoundError:
            return None
        return lines[7].strip() if len(lines) > 7 and lines[0] == str(pid) else None

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """A new empty folder beside the cluster's place, to make the cluster in."""
        path = Path(tempfile.mkdtemp(dir=self.path, prefix=WORKSHOP_PREFIX))
        try:
            yield path
        finally:
            shutil.rmtree(path)

    def remove_workshops(self) -> None:
        """Drop what cluster creations that were killed left behind."""
        for path in self.path.glob(f"{WORKSHOP_PREFIX}*"):
            # The killed one's initdb may still be clearing up; what stays goes at the next start.
            shutil.rmtree(path, ignore_errors=True)

    def load_secrets(self) -> Secrets | None:
        """The stored passwords; None when there are none yet. Raises EmbeddedError when unreadable."""
        try:
            return Secrets(**json.loads(self.secrets.read_text()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise EmbeddedError(
                f"{self.secrets} (the database's passwords) is unreadable: {error}"
            ) from error

    def ensure_secrets(self) -> Secrets:
        """The stored passwords, made now if the cluster is yet to be made."""
        stored = self.load_secrets()
        if stored is not None:
            return stored
        if self.cluster.exists():
            raise EmbeddedError(
                f"{self.secrets} is missing: it holds the passwords of the database in {self.cluster}. "
                "Put it back from your backup, or choose another folder with --data."
            )
        made = Secrets(
            f"naryad-{secrets.token_hex(6)}",
            *(secrets.token_urlsafe(24) for _ in range(3)),
        )
        temporary = self.secrets.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(made), file)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(self.secrets)
        return made
