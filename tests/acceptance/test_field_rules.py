"""Rules that a worker meets in the field app, by number, in real Chromium."""

from pathlib import Path

from playwright.async_api import Playwright, Request, Response, expect

from support.browser import PHONE, browser
from support.field_app import (
    NOTIFICATIONS,
    TAP,
    deliver_push,
    ivans_phone,
    pull_down,
    sign_in,
    without_live_events,
)
from support.house import House


def is_sync(request: Request) -> bool:
    return "/v1/sync" in request.url


async def test_r4_three_syncs_in_six_minutes_in_the_foreground(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    async with browser(chromium, tmp_path / "phone", **PHONE) as phone:
        await without_live_events(phone)
        await phone.page.add_init_script("Math.random = () => 0.5")  # the middle of the spread: 120 s
        await phone.page.clock.install()
        await sign_in(phone.page, f"{house.url}/app/", "office-Иван")
        await phone.page.get_by_role("link", name="Profile").click()
        await expect(phone.page.get_by_text("never")).to_have_count(0)
        # From here the clock moves only as it is told to, however long this machine takes.
        await phone.page.clock.pause_at(await phone.page.evaluate("Date.now() + 60_000"))
        await phone.page.get_by_role("link", name="Jobs").click()
        async with phone.page.expect_response(is_sync_answer):
            await phone.page.get_by_role("button", name="Sync now").click()
        seen: list[Request] = []
        phone.page.on("request", lambda request: seen.append(request) if is_sync(request) else None)
        for _ in range(3):
            await phone.page.clock.run_for(110_000)
            assert seen == []  # not before its time
            async with phone.page.expect_response(is_sync_answer):
                await phone.page.clock.run_for(12_000)
            seen.clear()


async def test_r5_opening_the_app_syncs(house: House, chromium: Playwright, tmp_path: Path) -> None:
    async with ivans_phone(chromium, tmp_path / "phone", house):
        pass
    await house.office.create_job(address={"formatted": "Лесная, 5"})
    async with browser(chromium, tmp_path / "phone", **PHONE) as phone:
        await phone.page.goto(f"{house.url}/app/")
        again = phone.page.get_by_role("heading", name="Sign in")
        await expect(phone.page.get_by_text("Лесная, 5").or_(again)).to_be_visible()


async def test_r6_a_change_of_state_syncs_at_once(house: House, chromium: Playwright, tmp_path: Path) -> None:
    job = await house.office.create_job()
    async with ivans_phone(chromium, tmp_path / "phone", house) as phone:
        await phone.page.get_by_role("link", name="Заменить счётчик").click()
        async with phone.page.expect_response(is_sync_answer):
            await phone.page.get_by_role("button", name="En route").click()
        await expect(phone.page.get_by_text("not sent yet")).to_have_count(0)
        assert (await house.office.job(job["id"]))["state"] == "en_route"


async def test_r10_a_pull_of_the_finger_syncs(house: House, chromium: Playwright, tmp_path: Path) -> None:
    async with ivans_phone(chromium, tmp_path / "phone", house, live=False) as phone:
        await expect(phone.page.get_by_text("No jobs for today")).to_be_visible()
        await house.office.create_job(address={"formatted": "Лесная, 5"})
        await pull_down(phone.page)
        await expect(phone.page.get_by_text("Лесная, 5")).to_be_visible()


async def test_r12_r13_a_push_shows_a_message_and_syncs(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    async with ivans_phone(
        chromium, tmp_path / "phone", house, live=False, permissions=["notifications"]
    ) as phone:
        await expect(phone.page.get_by_text("No jobs for today")).to_be_visible()
        job = await house.office.create_job(address={"formatted": "Лесная, 5"})
        url = f"/app/jobs/{job['id']}"
        await deliver_push(
            phone.page, house.url, {"title": "New job", "body": "Today", "job_id": job["id"], "url": url}
        )
        await expect(phone.page.get_by_text("Лесная, 5")).to_be_visible()  # R12
        assert await phone.page.evaluate(NOTIFICATIONS) == [["New job", "Today", url]]
        await phone.context.service_workers[0].evaluate(TAP)
        await expect(phone.page.get_by_role("heading", name=f"Job {job['number']}")).to_be_visible()  # R13


async def test_r18_a_dead_server_shows_the_banner_too(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    """`navigator.onLine` stays true when only the server is gone: failed syncs count as well."""
    async with ivans_phone(chromium, tmp_path / "phone", house) as phone:
        await expect(phone.page.get_by_text("Offline mode")).to_have_count(0)
        await phone.context.route("**/v1/sync*", lambda route: route.abort())
        await phone.page.get_by_role("button", name="Sync now").click()
        await expect(phone.page.get_by_text("Offline mode")).to_be_visible()
        assert await phone.page.evaluate("navigator.onLine")
        await phone.context.unroute("**/v1/sync*")
        await phone.page.get_by_role("button", name="Sync now").click()
        await expect(phone.page.get_by_text("Offline mode")).to_have_count(0)


async def test_r20_signing_out_does_not_lose_unsent_work(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    await house.office.create_job()
    async with ivans_phone(chromium, tmp_path / "phone", house) as phone:
        await phone.page.get_by_role("link", name="Заменить счётчик").click()
        await phone.context.set_offline(True)
        await phone.page.get_by_role("button", name="Start").click()
        await phone.page.get_by_role("link", name="Profile").click()
        await expect(phone.page.get_by_test_id("unsent").locator("output")).to_have_text("1")
        await phone.page.get_by_role("button", name="Sign out").click()
        await expect(phone.page.get_by_role("alert")).to_contain_text("1 change has not been sent yet")
        await phone.context.set_offline(False)
        await expect(phone.page.get_by_test_id("unsent").locator("output")).to_have_text("0")
        await phone.page.get_by_role("button", name="Sign out").click()
        await expect(phone.page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_r22_profile_says_whether_notifications_are_allowed(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    async with ivans_phone(chromium, tmp_path / "phone", house, permissions=["notifications"]) as phone:
        await phone.page.get_by_role("link", name="Profile").click()
        line = phone.page.locator("div", has=phone.page.get_by_text("Notifications", exact=True)).last
        await expect(line).to_contain_text("allowed")
        await phone.context.clear_permissions()
        await phone.page.reload()
        await expect(line).not_to_contain_text("allowed")


def is_sync_answer(response: Response) -> bool:
    return "/v1/sync" in response.url
