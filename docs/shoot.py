"""Takes the screenshots of the documentation from a running demo.

make run                             in one terminal
.venv/bin/python docs/shoot.py       in another; writes docs/images/
"""

import asyncio
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Playwright, async_playwright

IMAGES = Path(__file__).parent / "images"
DESK: dict[str, Any] = {"viewport": {"width": 1360, "height": 850}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


async def sign_in(page: Page, login: str) -> None:
    await page.get_by_label("Login").fill(login)
    await page.get_by_label("Password").fill("demo")
    await page.get_by_role("button", name="Sign in").click()


async def console(started: Playwright, url: str) -> None:
    browser = await started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    page = await browser.new_page(locale="en-US", **DESK)
    await page.goto(url)
    await sign_in(page, "dispatcher")
    await page.get_by_role("link", name="Job 4", exact=True).click()
    await page.get_by_role("region", name="Job 4").get_by_role("region", name="History").wait_for()
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=IMAGES / "console.png")
    await browser.close()


async def field(started: Playwright, url: str) -> None:
    browser = await started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    page = await browser.new_page(locale="en-US", **PHONE)
    await page.goto(f"{url}/app/")
    await sign_in(page, "ivan")
    await page.locator("a.job").first.wait_for()
    await page.screenshot(path=IMAGES / "field-jobs.png")
    await page.locator("a.job").first.click()
    await page.get_by_role("button", name="Start").wait_for()
    await page.screenshot(path=IMAGES / "field-job.png")
    await browser.close()


async def main(url: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    async with async_playwright() as started:
        await console(started, url)
        await field(started, url)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"))
