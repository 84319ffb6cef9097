"""What the console says of notifications: whose phone takes none, since when and why; what was only recorded;
and what a locked phone may show.
"""

from pathlib import Path

from asyncpg import Connection
from playwright.async_api import Playwright, expect

from naryad.domain.push_channel import ChannelName
from support.browser import DESK, browser
from support.field_app import sign_in
from support.house import House
from support.pushes import register, settled

OFF = "update push_registration set state = 'off', reason = $1, since = '2026-11-20T09:15:00Z'"


async def test_the_desk_reads_since_when_and_why_a_phone_is_not_notified(
    house: House, chromium: Playwright, truth: Connection, tmp_path: Path
) -> None:
    words = "off since 20 Nov, 12:15: the app was removed, or forbidden to notify"
    await register(house.office.ivan, ChannelName.APNS)
    await truth.execute(OFF, "APNs 410 Unregistered: the app was removed or notifications were turned off")
    async with browser(chromium, tmp_path / "desk", **DESK) as desk:
        await sign_in(desk.page, f"{house.url}/phones", "office-admin")
        await expect(desk.page.get_by_role("row", name="Иван")).to_contain_text(words)
        await expect(desk.page.get_by_role("row", name="Ольга")).not_to_contain_text(words)


async def test_what_was_only_recorded_is_not_called_sent(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    job = await house.office.create_job()
    await settled(house.office, job["id"], 1)
    async with browser(chromium, tmp_path / "desk", **DESK) as desk:
        await sign_in(desk.page, f"{house.url}/jobs/{job['id']}", "office-admin")
        ladder = desk.page.get_by_role("region", name="Notifications")
        await expect(ladder).to_contain_text("only recorded, not sent to Иван's phone (Телефон)")
        await expect(ladder).to_contain_text("no provider is set up for it")


async def test_an_admin_chooses_what_a_locked_phone_shows(
    house: House, chromium: Playwright, truth: Connection, tmp_path: Path
) -> None:
    async with browser(chromium, tmp_path / "desk", **DESK) as desk:
        page = desk.page
        await sign_in(page, f"{house.url}/setup/notifications", "office-admin")
        await expect(page.get_by_role("radio", name="Nothing: the job's number and time")).to_be_checked()
        await page.get_by_role("radio", name="The address", exact=True).check()
        await expect(page.get_by_role("status").get_by_text("Saved.")).to_be_visible()
        assert await truth.fetchval("select push_text from account") == "address"
        await page.reload()
        await expect(page.get_by_role("radio", name="The address", exact=True)).to_be_checked()
