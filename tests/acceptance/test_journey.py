"""A job travels from the dispatcher to the phone and back, in real browsers, also when the phone was
offline in between and its browser was killed.
"""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Page, Playwright, expect

from support.account import PASSWORD
from support.browser import DESK, PHONE, browser
from support.field_app import ivans_phone, sign_in
from support.house import House
from support.proxy import wire_to


async def create_and_publish(page: Page, house: House) -> None:
    """As a dispatcher does it: New job, fields, worker, date, Create and publish."""
    template = house.office.template["name"]
    now = datetime.now(UTC).astimezone(ZoneInfo("Europe/Moscow"))
    await page.get_by_text("New job").first.click()
    form = page.get_by_role("form", name="New job")
    await form.get_by_label("Client", exact=True).fill("Петрова Анна")
    await form.get_by_label("Address", exact=True).fill("Москва, Лесная, 5")
    await form.get_by_label("Description").fill("Заменить счётчик")
    await form.get_by_label("Template").select_option(label=template)
    await form.get_by_label("Date").fill(now.date().isoformat())
    await form.get_by_label("Time", exact=True).fill(now.strftime("%H:%M"))
    await form.get_by_label("Assign", exact=True).select_option(label="Иван")
    await form.get_by_role("button", name="Create and publish").click()
    await expect(page.get_by_role("form", name="New job")).to_have_count(0)


async def unsent(page: Page) -> str:
    """The number in the line "Unsent" of the Profile tab."""
    await page.get_by_role("link", name="Profile").click()
    return await page.get_by_test_id("unsent").locator("output").inner_text()


async def test_a_job_travels_to_the_phone_and_back_through_a_cellar(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    profile = tmp_path / "phone"
    async with browser(chromium, tmp_path / "desk", **DESK) as desk, wire_to(house.url) as wire:
        await sign_in(desk.page, f"{house.url}/", "office-admin")
        await expect(desk.page.get_by_text("Live", exact=True)).to_be_visible()
        async with ivans_phone(chromium, profile, house, wire.url) as phone:
            await create_and_publish(desk.page, house)

            # within one sync the phone has it
            await phone.page.get_by_role("button", name="Sync now").click()
            await phone.page.get_by_role("link", name="Москва, Лесная, 5").click()
            await expect(phone.page.get_by_text("Заменить счётчик")).to_be_visible()

            # into the cellar: the work goes on, and the app says so
            wire.cut()
            await phone.context.set_offline(True)
            await phone.page.get_by_role("button", name="Start").click()
            await phone.page.get_by_label("Показание").fill("1234")
            await phone.page.get_by_label("Показание").press("Tab")
            await expect(phone.page.get_by_text("Offline mode")).to_be_visible()
            await expect(phone.page.get_by_text("not sent yet")).to_have_count(2)
            assert await unsent(phone.page) == "2"
            await phone.kill()

        # the killed browser starts again, still without network
        async with browser(chromium, profile, **PHONE) as phone:
            await phone.page.goto(f"{wire.url}/app/")
            await expect(phone.page.get_by_text("Offline mode")).to_be_visible()
            assert await unsent(phone.page) == "2"
            seen = await house.office.job((await house.office.desk.get("/v1/jobs")).json()["jobs"][0]["id"])
            assert (seen["state"], seen.get("report")) == ("published", None)  # R19

            # out of the cellar: everything goes by itself, also after signing in again
            wire.mend()
            again = phone.page.get_by_role("heading", name="Sign in")
            done = phone.page.get_by_test_id("unsent").locator("output", has_text="0")
            # nothing tells a phone that only the server is back: its next attempt finds out (5, 10, 20 s …)
            await expect(again.or_(done).first).to_be_visible(timeout=30_000)
            if await again.is_visible():  # Chromium writes a cookie to disk up to half a minute late
                assert await phone.page.get_by_test_id("unsent").locator("output").inner_text() == "2"
                await phone.page.get_by_label("Password").fill(PASSWORD)
                await phone.page.get_by_role("button", name="Sign in").click()
            await expect(done).to_be_visible()
            await expect(phone.page.get_by_text("Offline mode")).to_have_count(0)

        # the desk sees it without a reload, and whom a push told of it
        job = desk.page.get_by_role("region", name="Job 1", exact=True)
        await expect(job.locator("header").get_by_text("Started", exact=True)).to_be_visible()
        await expect(job.get_by_role("region", name="Report").get_by_text("1234")).to_be_visible()
        await expect(job.get_by_text("sent to Иван's phone").first).to_be_visible()
