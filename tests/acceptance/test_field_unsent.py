"""What a worker did on the phone outlives whatever happens to it, and is told of in words."""

from pathlib import Path

from playwright.async_api import Page, Playwright, Request, expect

from support.account import PASSWORD
from support.browser import PHONE, browser
from support.field_app import ivans_phone
from support.house import House


async def open_job(page: Page) -> None:
    await page.get_by_role("link", name="Заменить счётчик").click()
    await expect(page.get_by_label("Показание")).to_be_visible()


UNTIL_HELD = """async (wanted) => {
  const result = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const all = await indexedDB.databases();
  const db = await result(indexedDB.open(all.find((one) => one.name.startsWith("naryad-")).name));
  const end = Date.now() + 10_000;
  for (;;) {
    const outbox = await result(db.transaction("outbox").objectStore("outbox").getAll());
    const values = outbox.flatMap((one) => Object.values(one.fields ?? {}));
    if (JSON.stringify(values) === JSON.stringify(wanted)) break;
    if (Date.now() > end) throw new Error(`the outbox holds ${JSON.stringify(values)}`);
    await new Promise(requestAnimationFrame);
  }
  db.close();
}"""
"""Waits until the report values in the phone's outbox are these."""


async def test_a_word_half_typed_is_there_after_the_browser_was_killed(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    await house.office.create_job()
    async with ivans_phone(chromium, tmp_path / "phone", house) as phone:
        await open_job(phone.page)
        await phone.context.set_offline(True)
        await phone.page.get_by_label("Показание").press_sequentially("123")
        await phone.page.evaluate(UNTIL_HELD, [123])
        await phone.page.get_by_label("Показание").press_sequentially("4")  # joins what waits
        await phone.page.evaluate(UNTIL_HELD, [1234])
        await phone.kill()  # the field was never left
    async with browser(chromium, tmp_path / "phone", **PHONE, offline=True) as phone:
        await phone.page.goto(f"{house.url}/app/")
        await open_job(phone.page)
        await expect(phone.page.get_by_label("Показание")).to_have_value("1234")


async def test_work_on_a_job_taken_away_stays_readable_and_is_told_of(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    job = await house.office.create_job()
    async with ivans_phone(chromium, tmp_path / "phone", house) as phone:
        await open_job(phone.page)
        await phone.context.set_offline(True)
        await phone.page.get_by_label("Показание").fill("77")
        await phone.page.get_by_role("button", name="Start").click()
        olga = {"assignees": [{"worker_id": house.office.olga.worker_id}]}
        answer = await house.office.desk.patch(f"/v1/jobs/{job['id']}", json=olga)
        assert answer.status_code == 200, answer.text
        await phone.context.set_offline(False)
        # the page that was open says so, and what was typed can still be read
        await expect(phone.page.get_by_text("This job is no longer on your phone")).to_be_visible()
        notices = phone.page.get_by_role("region", name="Please look")
        await expect(notices.get_by_text("your work was kept as late")).to_be_visible()
        await expect(notices.get_by_text("Показание: 77")).to_be_visible()
        await expect(notices.get_by_text("The job was taken away or deleted meanwhile")).to_be_visible()
        for _ in range(2):
            await notices.get_by_role("button", name="Understood").first.click()
        await expect(notices).to_have_count(0)
    assert (await house.office.job(job["id"]))["report"] == {"meter": 77}


async def test_a_session_that_has_ended_costs_nothing(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    await house.office.create_job()
    async with ivans_phone(chromium, tmp_path / "phone", house) as phone:
        await open_job(phone.page)
        await phone.context.clear_cookies()
        await phone.page.get_by_role("button", name="Start").click()
        await expect(phone.page.get_by_text("Sign in again")).to_be_visible()
        await phone.page.get_by_label("Показание").fill("5")  # work goes on meanwhile
        await phone.page.get_by_label("Password").fill("wrong")
        await phone.page.get_by_role("button", name="Sign in").click()
        await expect(phone.page.get_by_role("alert")).to_contain_text("Check the login and the password")
        await phone.page.get_by_label("Password").fill(PASSWORD)
        await phone.page.get_by_role("button", name="Sign in").click()
        await expect(phone.page.get_by_text("Sign in again")).to_have_count(0)
        await expect(phone.page.get_by_text("not sent yet")).to_have_count(0)


async def test_two_tabs_and_the_service_worker_send_each_operation_once(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    await house.office.create_job()
    async with ivans_phone(chromium, tmp_path / "phone", house, permissions=["background-sync"]) as phone:
        sent: list[str] = []

        def note(request: Request) -> None:
            if request.method == "POST" and "/v1/sync" in request.url:
                sent.extend(one["id"] for one in (request.post_data_json or {})["operations"])

        phone.context.on("request", note)
        second = await phone.context.new_page()
        await second.goto(f"{house.url}/app/")
        for page in (phone.page, second):
            await open_job(page)
        await phone.context.set_offline(True)
        await phone.page.get_by_role("button", name="Start").click()
        await expect(second.get_by_role("button", name="Pause")).to_be_visible()  # the other tab has it
        await second.get_by_label("Показание").fill("9")
        await expect(phone.page.get_by_text("not sent yet")).to_have_count(2)
        await phone.context.set_offline(False)
        for page in (phone.page, second):
            await page.get_by_role("button", name="Sync now").click()
        for page in (phone.page, second):
            await expect(page.get_by_text("not sent yet")).to_have_count(0)
        assert len(sent) == len(set(sent)) == 2
        # signing out in one tab ends the other
        await second.get_by_role("link", name="Profile").click()
        await second.get_by_role("button", name="Sign out").click()
        await expect(phone.page.get_by_role("heading", name="Sign in")).to_be_visible()
