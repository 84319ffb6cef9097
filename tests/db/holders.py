"""Other processes that hold an embedded server, to be killed by the tests."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("embedded_holder.py")


@dataclass
class Holder:
    """A running holder and the line it printed."""

    process: subprocess.Popen[str]
    told: dict[str, Any]

    @property
    def postmaster(self) -> int:
        return int(self.told["postmaster"])


@contextmanager
def holder(folder: Path, command: list[str] | None = None, **popen: Any) -> Iterator[Holder]:
    """Start a holder; it is stopped in order when the block ends, if it still lives."""
    process = subprocess.Popen(
        [*(command or [sys.executable]), str(SCRIPT), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **popen,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, f"the holder said nothing and ended with {process.wait()}"
        yield Holder(process, json.loads(line))
    finally:
        if process.poll() is None:
            process.communicate(timeout=60)


def alive(pid: int) -> bool:
    """Whether the process runs; a dead one that waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def children(pid: int) -> list[int]:
    """Ids of the direct children."""
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until(condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Wait for a condition, and fail in words."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"still not: {what}"
        time.sleep(0.02)


def owner_of(pid: int) -> int:
    return os.stat(f"/proc/{pid}").st_uid


def capabilities(pid: int) -> int:
    """The effective capabilities of a process, as the kernel's bit mask."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff")), 16)
