"""What a killed holder left behind: server processes still ending, and a pid file that lies.

The holder of the folder's lock owns the cluster, so whatever still runs on it is to end. A process
is of this cluster only if its command line says so: the postmaster by its `-D` folder, its
children by the cluster's name in their titles. A bare process id proves nothing: it may be
somebody else's by now.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from naryad.db.embedded.errors import EmbeddedError
from naryad.db.embedded.folder import DataFolder

# Fast shutdown, immediate shutdown, kill: each with the seconds it gets before the next.
STEPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))


def clear(folder: DataFolder, name: str) -> None:
    """End every process of this cluster and remove a stale pid file. Raises EmbeddedError if one stays."""
    for sign, seconds in STEPS:
        if not (left := processes_of(folder.cluster, name)):
            break
        for pid in left:
            _send(pid, sign)
        deadline = time.monotonic() + seconds
        while processes_of(folder.cluster, name) and time.monotonic() < deadline:
            time.sleep(0.05)
    if left := processes_of(folder.cluster, name):
        raise EmbeddedError(
            f"An earlier PostgreSQL still runs on {folder.cluster} and does not end: processes {left}."
        )
    folder.pid_file.unlink(missing_ok=True)


def processes_of(cluster: Path, name: str) -> list[int]:
    """Ids of the cluster's processes, the postmaster first."""
    postmaster: list[int] = []
    children: list[int] = []
    for pid, command in _commands():
        if command.startswith(f"postgres: {name}: "):
            children.append(pid)
        elif "postgres" in command and f" -D {cluster} " in f"{command} " and pid != os.getpid():
            postmaster.append(pid)
    return postmaster + children


def _commands() -> list[tuple[int, str]]:
    if sys.platform == "linux":
        return [(int(entry.name), _read(entry)) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    listing = ["/bin/ps", "-axww", "-o", "pid=,command="]
    table = subprocess.run(listing, capture_output=True, text=True, check=True)
    pairs = (line.split(maxsplit=1) for line in table.stdout.splitlines())
    return [(int(pair[0]), pair[1]) for pair in pairs if len(pair) == 2]


def _read(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except (ProcessLookupError, FileNotFoundError):
        return ""  # ended while we looked


def _send(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return  # ended by itself
    except PermissionError as error:
        raise EmbeddedError(
            f"A PostgreSQL of another user (process {pid}) runs on this data folder. Stop it first."
        ) from error
