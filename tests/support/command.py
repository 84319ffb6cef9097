"""`naryad` as a real process, for tests that start, stop and kill it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NARYAD = Path(sys.executable).parent / "naryad"


@dataclass
class Up:
    """A running `naryad up`."""

    process: "subprocess.Popen[str]"
    url: str
    said: str
    """What it printed until it served, the `ready` line included."""

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.process.send_signal(sign)
        return self.process.wait(timeout=60)


def naryad(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    return subprocess.run(
        [NARYAD, *arguments],
        env=clean_environment(environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@contextmanager
def naryad_up(
    data: Path, *arguments: str, command: Path = NARYAD, cwd: Path | None = None, **environment: str
) -> Iterator[Up]:
    """Start `naryad up` on a free port and wait until it serves; stop it at the end if it still runs."""
    errors = data.with_suffix(".log")
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [command, "up", "--port", "0", "--data", data, *arguments],
            cwd=cwd,
            env=clean_environment(environment),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if line.startswith("ready "):
                yield Up(process, line.split()[1], said)
                break
        else:
            raise AssertionError(f"ended with {process.wait()} before it served:\n{said}{errors.read_text()}")
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=60)


def clean_environment(more: Mapping[str, str]) -> dict[str, str]:
    """Ours without the settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NARYAD_")} | dict(more)
