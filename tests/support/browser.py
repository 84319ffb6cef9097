"""Real Chromium, driven by Playwright; a profile outlives the browser's death."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, Playwright, async_playwright, expect

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1360, "height": 850}}

PATIENCE_MS = 30_000  # a condition is waited for; how long a loaded machine takes for it proves nothing
expect.set_options(timeout=PATIENCE_MS)


def chromium() -> str:
    """Where Chromium is. In CI its absence fails, elsewhere the test says what to install."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))),
        None,
    )
    if found is None:
        words = "no Chromium on this machine: apt-get install chromium"
        if os.environ.get("CI"):
            raise AssertionError(words)
        pytest.skip(words)
    return found


@asynccontextmanager
async def playwright() -> AsyncIterator[Playwright]:
    chromium()
    async with async_playwright() as started:
        yield started


@dataclass
class Browser:
    """One person's browser, on a profile of its own."""

    context: BrowserContext
    page: Page
    profile: Path

    async def kill(self) -> None:
        """SIGKILL, as a phone kills an app: nothing is said to it first."""
        for process in processes_of(self.profile):
            os.kill(process, signal.SIGKILL)
        async with asyncio.timeout(10):
            while processes_of(self.profile):
                await asyncio.sleep(0.02)
        await asyncio.gather(self.context.close(), return_exceptions=True)
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()


@asynccontextmanager
async def browser(
    started: Playwright, profile: Path, *, locale: str = "en-US", **options: Any
) -> AsyncIterator[Browser]:
    context = await started.chromium.launch_persistent_context(
        profile, executable_path=chromium(), args=ARGS, headless=True, locale=locale, **options
    )
    context.set_default_timeout(PATIENCE_MS)
    running = Browser(context, context.pages[0], profile)
    try:
        yield running
    finally:
        await asyncio.gather(context.close(), return_exceptions=True)


def processes_of(profile: Path) -> list[int]:
    """The processes that run on this profile."""
    wanted = f"--user-data-dir={profile}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has just ended
        if wanted in command:
            found.append(int(entry.name))
    return found
