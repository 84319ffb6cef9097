"""One supervised server process, and the thread that owns it.

The kernel ends the server when the THREAD that started it ends, so a thread of its own starts it,
reads its messages, and lives exactly as long as the server does.
"""

import logging
import os
import signal
import subprocess
import threading
from collections import deque

from naryad.db.embedded.errors import EmbeddedError
from naryad.db.embedded.remains import STEPS

logger = logging.getLogger("naryad.postgres")

LAST_LINES = 20
LINE_BYTES = 4096
# ERROR and below are answers to a client, told by the client; the rest is the operator's.
LEVELS = {"PANIC": logging.CRITICAL, "FATAL": logging.INFO, "WARNING": logging.WARNING}


class ServerProcess:
    """Starts the server; `ended` is set once it and all its children are gone."""

    def __init__(self, command: list[str]) -> None:
        self.ended = threading.Event()
        self.last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._failure: OSError | None = None
        self._started = threading.Event()
        threading.Thread(target=self._own, name="naryad-postgres", daemon=True).start()
        self._started.wait()
        if self._failure is not None:
            raise EmbeddedError(f"PostgreSQL cannot be started: {self._failure}") from self._failure

    def _own(self) -> None:
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd="/",
                env=server_environment(),
                start_new_session=True,  # Ctrl-C in a terminal is for us: the server stops last
            )
        except OSError as error:
            self._failure = error
            self.ended.set()
            return
        else:
            self._process = process
        finally:
            self._started.set()
        with process:
            assert process.stderr is not None
            while line := process.stderr.readline(LINE_BYTES):
                self._note(line.decode(errors="replace").rstrip())
        self.ended.set()

    def _note(self, line: str) -> None:
        self.last_lines.append(line)
        logger.log(LEVELS.get(line.split(":", 1)[0], logging.DEBUG), "%s", line)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def words(self) -> str:
        """The server's last messages, for an error text."""
        return "\n".join(self.last_lines) or "(it said nothing)"

    def stop(self) -> None:
        """Fast shutdown, and harder if it does not come; returns when the server has ended."""
        assert self._process is not None
        for sign, seconds in STEPS:
            if self._process.poll() is None:
                self._process.send_signal(sign)
            if self.ended.wait(seconds):
                return
        raise EmbeddedError("PostgreSQL does not end: " + self.words())


def server_environment() -> dict[str, str]:
    """A bare environment: no locale but C, and no PG* variable of the person's own database."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def run_to_end(command: list[str], purpose: str) -> None:
    """Run a short program such as initdb. Raises EmbeddedError with its words if it fails."""
    result = subprocess.run(
        command, capture_output=True, text=True, env=server_environment(), cwd="/", check=False
    )
    if result.returncode != 0:
        code = result.returncode
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        raise EmbeddedError(f"{purpose} failed ({how}): {(result.stderr or result.stdout).strip()}")
