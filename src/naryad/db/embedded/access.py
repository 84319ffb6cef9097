"""The addresses by which each role reaches a running server."""

from dataclasses import dataclass, field

from naryad.db.embedded.cluster import HOST, SUPERUSER
from naryad.db.embedded.folder import DataFolder, Secrets
from naryad.db.embedded.roles import DATABASE, OWNER, SERVICE


@dataclass(frozen=True, slots=True)
class Access:
    """A running embedded server. Its addresses hold passwords: never log them."""

    port: int
    passwords: Secrets = field(repr=False)

    @property
    def superuser_dsn(self) -> str:
        """For backups and tests: nothing binds this role."""
        return self.dsn(SUPERUSER)

    @property
    def owner_dsn(self) -> str:
        """For migrations."""
        return self.dsn(OWNER)

    @property
    def service_dsn(self) -> str:
        """For the services: row level security binds this role."""
        return self.dsn(SERVICE)

    def dsn(self, role: str, database: str = DATABASE) -> str:
        """`postgresql://role:password@127.0.0.1:port/database`."""
        password = {
            SUPERUSER: self.passwords.superuser,
            OWNER: self.passwords.owner,
            SERVICE: self.passwords.service,
        }[role]
        return f"postgresql://{role}:{password}@{HOST}:{self.port}/{database}"


def running_access(folder: DataFolder) -> Access | None:
    """The server that another process runs on this folder; None if its files say there is none."""
    passwords = folder.load_secrets()
    if passwords is None:
        return None
    try:
        lines = folder.pid_file.read_text().splitlines()
    except FileNotFoundError:
        return None
    # postmaster.pid: process id, folder, start time, port, …; shorter while the server starts.
    return Access(int(lines[3]), passwords) if len(lines) > 3 else None
