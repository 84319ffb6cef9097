"""Pushes from the dispatcher's edit to the phone's lock screen, over the wire of a push service, and back to
the job by a tap.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Playwright, expect

from naryad.settings import Settings
from support.account import tomorrow
from support.allowed_phone import allow, arrived, ivan, pushing, until_registered
from support.browser import DESK, browser
from support.field_app import sign_in
from support.house import House
from support.notifications import SHOWN, SUBSCRIBED_WITH, TAP, push_line, set_permission
from support.push_service import FakePushService, decode
from support.pushes import ladder


@pytest.fixture
def settings(database_url: str) -> Settings:
    return pushing(database_url)


async def start_job(page: Page) -> None:
    """The worker begins; the server knows."""
    await page.get_by_role("link", name="Заменить счётчик").click()
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_text("not sent yet")).to_have_count(0)
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()


async def edit(desk: Page, job: dict[str, Any], description: str) -> None:
    """As the dispatcher does it in the console."""
    await desk.goto(f"{desk.url.split('/jobs')[0].rstrip('/')}/jobs/{job['id']}")
    await desk.get_by_role("button", name="Edit").click()
    form = desk.get_by_role("form", name=f"Edit job {job['number']}")
    await form.get_by_label("Description").fill(description)
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)


async def until_shown(page: Page, count: int = 1) -> list[dict[str, str]]:
    async with asyncio.timeout(60):
        while len(shown := await page.evaluate(SHOWN)) != count:
            await asyncio.sleep(0.05)
    notifications: list[dict[str, str]] = shown
    return notifications


async def test_r11_r12_r13_an_edit_in_the_console_shows_on_the_phone_syncs_and_a_tap_opens_the_job(
    house: House, chromium: Playwright, tmp_path: Path, pushes: FakePushService
) -> None:
    job = await house.office.create_job()
    async with (
        ivan(chromium, tmp_path / "phone", house, pushes.subscribe("ivan")) as phone,
        browser(chromium, tmp_path / "desk", **DESK) as desk,
    ):
        await allow(phone.page)
        [state] = await until_registered(house)
        assert (state["channel"], state["state"]) == ("webpush", "on")
        line = await push_line(phone.page, house.url)
        await start_job(phone.page)
        await phone.page.get_by_role("link", name="Profile").click()
        await expect(phone.page.get_by_text("You are told when a job of today is new")).to_be_visible()
        await sign_in(desk.page, f"{house.url}/", "office-admin")
        await expect(desk.page.get_by_text("Live", exact=True)).to_be_visible()

        await edit(desk.page, job, "Взять лестницу")
        pushed = await arrived(pushes)
        number, url = job["number"], f"/app/jobs/{job['id']}"
        message = pushed.message
        assert (message["title"], message["url"]) == (f"Job {number} has changed", url)
        assert (message["job_id"], message["reason"]) == (job["id"], "changed")
        assert message["body"].startswith("Today")
        assert pushed.headers["urgency"] == "high"
        assert pushed.key == decode(await phone.page.evaluate(SUBSCRIBED_WITH))

        await line.deliver(json.dumps(pushed.message))
        [shown] = await until_shown(phone.page)
        assert shown == {"title": message["title"], "body": message["body"], "tag": job["id"], "url": url}
        assert await phone.context.service_workers[0].evaluate(TAP) == ""  # into the page that is open
        await expect(phone.page.get_by_role("heading", name=f"Job {number}")).to_be_visible()
        await expect(phone.page.get_by_text("Взять лестницу")).to_be_visible()
        assert await phone.page.evaluate(SHOWN) == []


async def test_r12_r13_with_the_app_closed_a_push_syncs_and_a_tap_opens_the_job_from_a_cold_start(
    house: House, chromium: Playwright, tmp_path: Path, pushes: FakePushService
) -> None:
    await house.office.create_job()
    async with ivan(chromium, tmp_path / "phone", house, pushes.subscribe("ivan")) as phone:
        await allow(phone.page)
        await until_registered(house)
        other = await phone.context.new_page()
        line = await push_line(other, house.url)
        await phone.page.close()
        await set_permission(other, "granted")  # still
        new = await house.office.create_job(address={"formatted": "Лесная, 5"})
        message = (await arrived(pushes)).message
        assert message["title"] == f"New job {new['number']}"
        await line.deliver(json.dumps(message))
        worker = phone.context.service_workers[0]
        async with asyncio.timeout(60):
            while (held := await worker.evaluate(HELD, house.office.ivan.worker_id)) != 2:  # R12
                assert held == 1
                await asyncio.sleep(0.05)
        opened = await worker.evaluate(TAP)
        assert opened == f"/app/jobs/{new['id']}"
        await phone.context.set_offline(True)  # what is shown now was brought by the push
        await other.goto(house.url + opened)
        await expect(other.get_by_role("heading", name=f"Job {new['number']}")).to_be_visible()
        await expect(other.get_by_text("Лесная, 5")).to_be_visible()


HELD = """(worker) => new Promise((resolve, reject) => {
  const open = indexedDB.open(`naryad-${worker}`);
  open.onerror = () => reject(open.error);
  open.onsuccess = () => {
    const count = open.result.transaction("jobs").objectStore("jobs").count();
    count.onsuccess = () => { open.result.close(); resolve(count.result); };
  };
})"""
"""How many jobs are in the store of this worker's phone."""


async def test_r14_the_same_edit_of_tomorrows_job_reaches_no_push_service(
    house: House, chromium: Playwright, tmp_path: Path, pushes: FakePushService
) -> None:
    today = await house.office.create_job()
    later = await house.office.create_job(scheduled_at=tomorrow(), description="Завтра")
    async with (
        ivan(chromium, tmp_path / "phone", house, pushes.subscribe("ivan")) as phone,
        browser(chromium, tmp_path / "desk", **DESK) as desk,
    ):
        await allow(phone.page)
        await until_registered(house)
        await start_job(phone.page)
        held = house.office.ivan
        await held.sync()
        await held.sync(held.operation(held.jobs[later["id"]], "set_state", state="started"))
        await sign_in(desk.page, f"{house.url}/", "office-admin")
        await expect(desk.page.get_by_text("Live", exact=True)).to_be_visible()
        await edit(desk.page, later, "Взять лестницу")
        await edit(desk.page, today, "Взять лестницу")  # comes later, and arrives
        assert (await arrived(pushes)).message["job_id"] == today["id"]
        assert pushes.pushes == []
        assert await ladder(house.office, later["id"]) == []


async def test_a_job_that_is_not_here_yet_is_said_to_be_coming_and_then_shown(
    house: House, chromium: Playwright, tmp_path: Path, pushes: FakePushService
) -> None:
    await house.office.create_job()
    async with ivan(chromium, tmp_path / "phone", house, pushes.subscribe("ivan")) as phone:
        await expect(phone.page.get_by_role("link", name="Заменить счётчик")).to_be_visible()
        await phone.page.goto("about:blank")
        job = await house.office.create_job(address={"formatted": "Лесная, 5"})
        await phone.context.route("**/v1/sync*", lambda route: route.abort())
        await phone.page.goto(f"{house.url}/app/jobs/{job['id']}")
        await expect(phone.page.get_by_text("it comes when there is a network")).to_be_visible()
        await phone.context.unroute("**/v1/sync*")
        await phone.page.get_by_role("button", name="Sync now").click()
        await expect(phone.page.get_by_role("heading", name=f"Job {job['number']}")).to_be_visible()
        await expect(phone.page.get_by_text("Лесная, 5")).to_be_visible()
        await phone.page.goto(f"{house.url}/app/jobs/{house.office.template['id']}")
        await expect(phone.page.get_by_text("This job is not on your phone")).to_be_visible()


async def test_a_push_that_cannot_be_read_is_told_of_in_the_apps_language_and_syncs(
    house: House, chromium: Playwright, tmp_path: Path, pushes: FakePushService
) -> None:
    await house.office.create_job()
    async with ivan(chromium, tmp_path / "phone", house, pushes.subscribe("ivan")) as phone:
        await allow(phone.page)
        await phone.page.get_by_role("link", name="Profile").click()
        await phone.page.get_by_text("Русский").click()
        await phone.page.get_by_role("link", name="Наряды").click()
        line = await push_line(phone.page, house.url)
        await house.office.create_job(address={"formatted": "Лесная, 5"})
        await line.deliver("{ cut off")
        [shown] = await until_shown(phone.page)
        assert (shown["title"], shown["url"]) == ("Наряды изменились", "/app/")
        await expect(phone.page.get_by_text("Лесная, 5")).to_be_visible()
        await house.office.create_job(address={"formatted": "Полевая, 7"})
        await line.deliver("{}")  # silent: a sync, and no further message
        await expect(phone.page.get_by_text("Полевая, 7")).to_be_visible()
        assert len(await phone.page.evaluate(SHOWN)) == 1
