"""A disagreement between phone and desk is told to both, in real Chromium, and settled by one click."""

from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, Playwright, expect

from support.browser import DESK, browser
from support.conflicts import cards
from support.field_app import ivans_phone, sign_in
from support.house import House


async def at_the_desk(page: Page, house: House) -> None:
    await sign_in(page, f"{house.url}/", "office-admin")
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Conflicts", exact=True)).to_be_visible()


async def open_conflicts(page: Page) -> Locator:
    """The counter has noticed by itself: one open card."""
    await page.get_by_role("button", name="Conflicts: 1 open").click()
    return page.get_by_role("region", name="Open conflicts")


async def all_settled(house: House, take: str) -> dict[str, Any]:
    (card,) = await cards(house.office)
    assert (card.get("take"), await cards(house.office, open=True)) == (take, [])
    return card


async def test_a_start_that_loses_to_the_desks_cancel_is_told_to_both(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    job = await house.office.create_job()
    async with (
        browser(chromium, tmp_path / "desk", **DESK) as desk,
        ivans_phone(chromium, tmp_path / "phone", house) as phone,
    ):
        await at_the_desk(desk.page, house)
        await phone.page.get_by_role("link", name="Заменить счётчик").click()
        await phone.context.set_offline(True)
        await phone.page.get_by_role("button", name="Start").click()
        await phone.page.get_by_label("Показание").fill("77")
        await phone.page.get_by_label("Показание").press("Tab")
        await expect(phone.page.get_by_text("not sent yet")).to_have_count(2)
        await desk.page.get_by_role("link", name=f"Job {job['number']}", exact=True).click()
        await desk.page.get_by_role("button", name="Cancel the job").click()
        await desk.page.get_by_role("dialog").get_by_role("button", name="Cancel the job").click()
        await expect(desk.page.locator("header").get_by_text("Canceled", exact=True)).to_be_visible()

        # the network is back: the phone is told why, and what was typed can be read until it is dismissed
        await phone.context.set_offline(False)
        notices = phone.page.get_by_role("region", name="Please look")
        await expect(notices.get_by_text("The job is Canceled by now")).to_be_visible()
        await expect(notices.get_by_text("Started", exact=True)).to_be_visible()

        # the desk sees the card without a reload: in the top bar, in the panel, and with the job
        panel = await open_conflicts(desk.page)
        await expect(panel.get_by_text("the worker could not go there")).to_be_visible()
        await expect(panel.get_by_text("In the job: Canceled")).to_be_visible()
        await expect(panel.get_by_text("The worker’s: Started")).to_be_visible()
        await expect(panel.get_by_role("button", name="Take the other")).to_have_count(0)
        await expect(
            desk.page.get_by_role("region", name=f"Job {job['number']}", exact=True)
            .get_by_role("region", name="Conflicts")
            .get_by_text("The worker’s: Started")
        ).to_be_visible()
        await panel.get_by_role("button", name="Keep current").click()
        await expect(panel.get_by_text("no open conflicts")).to_be_visible()
        await expect(desk.page.get_by_text("1 settled")).to_be_visible()
        await all_settled(house, "current")
        await desk.page.keyboard.press("Escape")
        await expect(panel).to_have_count(0)
        await expect(desk.page.get_by_role("button", name="Conflicts", exact=True)).to_be_focused()

        # the phone's notice stays until the worker has said so, across a reload
        await phone.page.reload()
        await expect(notices).to_be_visible()
        await notices.get_by_role("button", name="Understood").click()
        await expect(notices).to_have_count(0)
        await phone.page.reload()
        await expect(phone.page.get_by_text("Job 1", exact=True)).to_be_visible()
        await expect(notices).to_have_count(0)


async def test_a_refusal_that_no_event_tells_of_is_seen_within_a_minute(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    ivan = house.office.ivan
    job = await house.office.create_job()
    await ivan.sync()
    async with browser(chromium, tmp_path / "desk", **DESK) as desk:
        await desk.page.clock.install()
        async with desk.page.expect_response("**/v1/conflicts*"):  # the first reading is soon after
            await at_the_desk(desk.page, house)
            await desk.page.clock.run_for(5_000)
        await ivan.sync(ivan.operation(ivan.jobs[job["id"]], "set_state", state="finished"))
        await desk.page.clock.run_for(30_000)
        await expect(desk.page.get_by_role("button", name="Conflicts", exact=True)).to_be_visible()
        await desk.page.clock.run_for(30_000)
        panel = await open_conflicts(desk.page)
        await expect(panel.get_by_text("The worker’s: Finished")).to_be_visible()


async def test_a_replaced_value_is_taken_after_all_by_one_click_and_reaches_the_phone(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    job = await house.office.create_job()
    async with (
        browser(chromium, tmp_path / "desk", **DESK) as desk,
        ivans_phone(chromium, tmp_path / "phone", house) as phone,
    ):
        await at_the_desk(desk.page, house)
        await phone.page.get_by_role("link", name="Заменить счётчик").click()
        await phone.context.set_offline(True)
        await phone.page.get_by_label("Показание").fill("77")
        await phone.page.get_by_label("Показание").press("Tab")
        await expect(phone.page.get_by_text("not sent yet")).to_have_count(1)
        answer = await house.office.desk.patch(f"/v1/jobs/{job['id']}", json={"report": {"meter": 70}})
        assert answer.status_code == 200
        await phone.context.set_offline(False)
        notices = phone.page.get_by_role("region", name="Please look")
        await expect(notices.get_by_text("Your value replaced another one in: Показание")).to_be_visible()

        panel = await open_conflicts(desk.page)
        await expect(panel.get_by_text("In the job: 77")).to_be_visible()
        await expect(panel.get_by_text("Replaced: 70")).to_be_visible()
        await panel.get_by_role("button", name="Take the other").click()
        await expect(panel.get_by_text("no open conflicts")).to_be_visible()
        card = await all_settled(house, "other")
        assert (await house.office.job(card["job"]["id"]))["report"] == {"meter": 70}
        await phone.page.get_by_role("button", name="Sync now").click()
        await expect(phone.page.get_by_label("Показание")).to_have_value("70")
