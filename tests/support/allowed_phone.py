"""Ivan's phone in a house that sends Web Pushes, and what the dispatcher sees of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Playwright, expect
from pydantic import SecretStr

from naryad.domain.push_address import WebPushAddress
from naryad.settings import Settings
from support.browser import PHONE, Browser, browser
from support.field_app import sign_in, without_live_events
from support.house import House
from support.notifications import subscribable
from support.push_service import FakePushService, Push

CARD = "Get told when a job changes"


def pushing(database_url: str) -> Settings:
    """Of a house whose pushes go to a push service on loopback."""
    return Settings(
        database_url=SecretStr(database_url),
        drain_seconds=0,
        webpush_subject="mailto:ops@naryad.example",
        webpush_hosts="127.0.0.1",
    )


@asynccontextmanager
async def ivan(
    chromium: Playwright, profile: Path, house: House, address: WebPushAddress, answer: str = "granted"
) -> AsyncIterator[Browser]:
    """Ivan has signed in, was never asked about notifications, and will give this answer."""
    async with browser(chromium, profile, **PHONE) as phone:
        await without_live_events(phone)  # who has synced is not pushed to
        await subscribable(phone.context, address, answer)
        await sign_in(phone.page, f"{house.url}/app/", "office-Иван")
        await phone.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        yield phone


async def allow(page: Page) -> None:
    """By the card on the list of jobs."""
    await page.get_by_role("region", name=CARD).get_by_role("button", name="Allow").click()
    await expect(page.get_by_role("region", name=CARD)).to_have_count(0)


async def devices_with_push(house: House) -> list[dict[str, Any]]:
    """The states of those that have registered, as the dispatcher sees them."""
    answer = await house.office.desk.get("/v1/devices")
    return [one["push"] for one in answer.json()["devices"] if one.get("push")]


async def until_registered(house: House, count: int = 1) -> list[dict[str, Any]]:
    async with asyncio.timeout(60):
        while len(states := await devices_with_push(house)) != count:
            await asyncio.sleep(0.05)
    return states


async def arrived(pushes: FakePushService) -> Push:
    """The next one at the push service."""
    async with asyncio.timeout(60):
        while not pushes.pushes:
            await asyncio.sleep(0.02)
    return pushes.pushes.pop(0)
