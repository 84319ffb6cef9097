"""A process of several parts: it runs until it is told to stop, or until a part falls over."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from naryad_cli.failures import CommandError

log = structlog.get_logger()


class Parts:
    """The tasks that should go on until the process is told to stop."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.serving = False
        self._names: dict[asyncio.Task[Any], str] = {}

    def watch(self, name: str, task: "asyncio.Task[Any]") -> None:
        """Have an eye on a task that its owner starts and ends."""
        self._names[task] = name

    async def until_one_ends(self) -> None:
        """Returns when told to stop. Raises CommandError, in words, when a part ends before that."""
        self.serving = True
        stop = asyncio.create_task(self.stop.wait())
        try:
            done, _ = await asyncio.wait({stop, *self._names}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()
        for task in done - {stop}:
            error = task.exception()
            log.error("a part ended by itself", part=self._names[task], exc_info=error)
            raise CommandError(f"{self._names[task]} ended by itself: {error or task.result()}")


async def until_stopped(work: Callable[[Parts], Awaitable[None]]) -> None:
    """Run `work`. SIGTERM or SIGINT lets it end in order; a second one, or one before it serves, cuts it."""
    parts = Parts()
    task = asyncio.ensure_future(work(parts))

    def on_signal() -> None:
        if parts.stop.is_set() or not parts.serving:
            task.cancel()
        parts.stop.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, on_signal)
    try:
        await task
    except asyncio.CancelledError:
        if not parts.stop.is_set():
            raise
