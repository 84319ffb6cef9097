"""Making a cluster, and the settings the server runs with."""

import socket

from naryad.db.embedded.binaries import Binaries
from naryad.db.embedded.folder import DataFolder, Secrets
from naryad.db.embedded.identity import Identity
from naryad.db.embedded.process import run_to_end

SUPERUSER = "postgres"
HOST = "127.0.0.1"

SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a socket's path may have 107 bytes only: TCP works in any folder
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # our statements are short; compiling them costs more than it saves
    "log_line_prefix": "",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",  # a statement may hold a customer's data or a password
}

# For tests: a machine that loses power may lose the data, killed processes do not.
FAST = {"fsync": "off", "full_page_writes": "off"}


def create_cluster(
    folder: DataFolder, binaries: Binaries, identity: Identity, passwords: Secrets, *, fast: bool
) -> None:
    """Make the cluster beside its place and move it: after a kill it is there whole or not at all."""
    with folder.workshop() as workshop:
        password_file = workshop / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(passwords.superuser)
        new = workshop / "postgres"
        program = [
            str(binaries.initdb),
            *("-D", str(new), "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={password_file}"),
            # Without a provider of its own the C locale leaves Cyrillic out of lower() and ILIKE.
            *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            "--no-instructions",
            *(["--no-sync"] if fast else []),
        ]
        identity.give(workshop)
        identity.give(password_file)
        run_to_end(identity.command(program, [new, binaries.initdb]), "Creating the database")
        new.rename(folder.cluster)


def server_command(
    folder: DataFolder, binaries: Binaries, identity: Identity, settings: dict[str, str]
) -> list[str]:
    """The command line that runs the server in the foreground."""
    program = [str(binaries.postgres), "-D", str(folder.cluster)]
    for key, value in settings.items():
        program += ["-c", f"{key}={value}"]
    return identity.command(program, [folder.cluster, binaries.postgres])


def free_port() -> int:
    """A loopback port that was free a moment ago; the caller tries again if it was taken since."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
