"""The field app as its worker uses it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Playwright, expect

from support.account import PASSWORD
from support.browser import PHONE, Browser, browser
from support.house import House


async def sign_in(page: Page, address: str, login: str) -> None:
    """In English; the console's form has the same names."""
    await page.goto(address)
    await page.get_by_label("Login").fill(login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


async def without_live_events(phone: Browser) -> None:
    """As behind a proxy that lets no stream through: what else makes the app sync is seen alone."""
    await phone.context.route("**/v1/events*", lambda route: route.abort())


@asynccontextmanager
async def ivans_phone(
    started: Playwright,
    profile: Path,
    house: House,
    url: str | None = None,
    *,
    live: bool = True,
    **options: Any,
) -> AsyncIterator[Browser]:
    """Ivan is signed in, the service worker serves the page, the first sync is done."""
    async with browser(started, profile, **PHONE, **options) as phone:
        if not live:
            await without_live_events(phone)
        await sign_in(phone.page, f"{url or house.url}/app/", "office-Иван")
        await expect(phone.page.get_by_role("heading", name="Jobs")).to_be_visible()
        await phone.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        yield phone


async def pull_down(page: Page, far: int = 240) -> None:
    """A finger pulls the screen down (R10)."""
    session = await page.context.new_cdp_session(page)
    for kind, y in [
        ("touchStart", 100),
        *(("touchMove", 100 + step) for step in range(0, far, 40)),
        ("touchEnd", None),
    ]:
        points = [] if y is None else [{"x": 180, "y": y}]
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


async def deliver_push(page: Page, origin: str, message: dict[str, Any]) -> None:
    """A push arrives at the service worker, as from the push service."""
    push = await ready_to_push(page, origin)
    await push(message)


async def ready_to_push(page: Page, origin: str) -> Callable[[dict[str, Any]], Awaitable[None]]:
    """What delivers pushes to the app that this page shows, also when it shows another page by then."""
    session = await page.context.new_cdp_session(page)
    found: list[str] = []

    def note(event: dict[str, Any]) -> None:
        found.extend(one["registrationId"] for one in event["registrations"])

    session.on("ServiceWorker.workerRegistrationUpdated", note)
    await session.send("ServiceWorker.enable")
    await page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    while not found:
        await page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    async def push(message: dict[str, Any]) -> None:
        told = {"origin": origin, "registrationId": found[-1], "data": json.dumps(message)}
        await session.send("ServiceWorker.deliverPushMessage", told)

    return push


NOTIFICATIONS = """navigator.serviceWorker.ready
  .then((one) => one.getNotifications())
  .then((all) => all.map((one) => [one.title, one.body, one.data.url]))"""

TAP = """async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""
