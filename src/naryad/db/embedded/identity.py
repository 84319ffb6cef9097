"""Which system user the server runs as: ourselves, or an unprivileged one when we are root."""

import os
import pwd
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from naryad.db.embedded.errors import EmbeddedError

UNPRIVILEGED = ("nobody", "daemon")  # initdb asks for a user that has a name
LAUNCHER = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who runs the server. `drop` is false when that is who we are already."""

    uid: int
    gid: int
    drop: bool

    def __str__(self) -> str:
        return f"the system user {self.uid}, as whom the database runs"

    def command(self, program: list[str], touches: Iterable[Path]) -> list[str]:
        """The command line that runs `program` as this user and ends it with this process.

        `touches`: what the program must reach; root's own folders above it are passed by
        capability, and only then, so that their modes stay as they are.
        """
        launcher = [sys.executable, "-I", str(LAUNCHER), "--parent", str(os.getpid())]
        if self.drop:
            launcher += ["--uid", str(self.uid), "--gid", str(self.gid)]
            if any(_closed_above(path) for path in touches):
                launcher.append("--pass-folders")
        return [*launcher, "--", *program]

    def give(self, path: Path) -> None:
        """Make the user the owner of one file or folder."""
        if self.drop:
            os.chown(path, self.uid, self.gid)


def choose_identity(cluster: Path) -> Identity:
    """Ourselves; as root the cluster's owner if there is one, else the system's unprivileged user."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid(), drop=False)
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Identity(owner.st_uid, owner.st_gid, drop=True)
    for name in UNPRIVILEGED:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Identity(user.pw_uid, user.pw_gid, drop=True)
    raise EmbeddedError(
        f"PostgreSQL refuses to run as root, and this system has no user {' or '.join(UNPRIVILEGED)} "
        "to run it as. Start Naryad as a normal user, or set NARYAD_DATABASE_URL."
    )


def _closed_above(path: Path) -> bool:
    return any(not folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)
