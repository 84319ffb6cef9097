"""A phone in the foreground is up to date at once, not two minutes later."""

import asyncio
from pathlib import Path

from playwright.async_api import Page, Playwright, expect

from support.browser import PHONE, browser
from support.field_app import ivans_phone, sign_in, without_live_events
from support.house import House


async def streams(house: House, count: int) -> None:
    async with asyncio.timeout(20):
        while len(house.gateway.hub.streams()) != count:
            await asyncio.sleep(0.02)


async def turn(page: Page, state: str) -> None:
    """The app goes out of sight, or comes back."""
    await page.evaluate(
        """(state) => {
          Object.defineProperty(document, "visibilityState", { configurable: true, value: state });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


async def test_what_the_desk_does_is_on_the_phone_at_once(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    async with ivans_phone(chromium, tmp_path / "phone", house) as phone:
        await streams(house, 1)
        job = await house.office.create_job(address={"formatted": "Лесная, 5"})
        await expect(phone.page.get_by_text("Лесная, 5")).to_be_visible()
        desk = house.office.desk
        answer = await desk.patch(f"/v1/jobs/{job['id']}", json={"address": {"formatted": "Садовая, 7"}})
        assert answer.status_code == 200
        await expect(phone.page.get_by_text("Садовая, 7")).to_be_visible()
        assert (await desk.patch(f"/v1/jobs/{job['id']}", json={"assignees": []})).status_code == 200
        await expect(phone.page.get_by_text("Садовая, 7")).to_have_count(0)


async def test_without_the_stream_it_would_wait_for_the_timer(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    """The control: in 100 seconds of the page's clock nothing else makes the phone sync."""
    async with browser(chromium, tmp_path / "phone", **PHONE) as phone:
        page = phone.page
        await without_live_events(phone)
        await page.clock.install()
        await sign_in(page, f"{house.url}/app/", "office-Иван")
        await expect(page.get_by_text("No jobs for today")).to_be_visible()
        await page.clock.pause_at(await page.evaluate("Date.now() + 30_000"))
        async with page.expect_response("**/v1/sync*"):
            await page.get_by_role("button", name="Sync now").click()
        await house.office.create_job(address={"formatted": "Лесная, 5"})
        seen: list[str] = []
        page.on("request", lambda request: seen.append(request.url) if "/v1/sync" in request.url else None)
        await page.clock.run_for(100_000)
        assert seen == []
        await expect(page.get_by_text("Лесная, 5")).to_have_count(0)


async def test_a_phone_out_of_sight_has_no_stream_and_is_told_when_it_is_back(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    async with ivans_phone(chromium, tmp_path / "phone", house) as phone:
        await streams(house, 1)
        await turn(phone.page, "hidden")
        await streams(house, 0)
        await house.office.create_job(address={"formatted": "Лесная, 5"})
        await turn(phone.page, "visible")
        await expect(phone.page.get_by_text("Лесная, 5")).to_be_visible()


async def test_two_tabs_share_one_stream(house: House, chromium: Playwright, tmp_path: Path) -> None:
    await house.office.create_job(address={"formatted": "Лесная, 5"})
    async with ivans_phone(chromium, tmp_path / "phone", house) as phone:
        await streams(house, 1)
        second = await phone.context.new_page()
        await second.goto(f"{house.url}/app/")
        await expect(second.get_by_text("Лесная, 5")).to_be_visible()
        job = await house.office.create_job(address={"formatted": "Садовая, 7"})
        for page in (phone.page, second):
            await expect(page.get_by_text("Садовая, 7")).to_be_visible()
        assert len(house.gateway.hub.streams()) == 1
        await phone.page.close()
        await streams(house, 1)  # the other tab goes on with it
        answer = await house.office.desk.patch(f"/v1/jobs/{job['id']}", json={"assignees": []})
        assert answer.status_code == 200
        await expect(second.get_by_text("Садовая, 7")).to_have_count(0)
