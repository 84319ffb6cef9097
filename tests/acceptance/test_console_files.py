"""The console's half of files, in real Chromium: photos appear by themselves (R9), attachments are given."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Playwright, expect

from naryad.uuid7 import uuid7
from support.account import Office
from support.browser import DESK, browser
from support.field_app import sign_in
from support.house import House
from support.pictures import jpeg
from support.tus import Picture, attach, send


async def open_job(page: Page, house: House, job: dict[str, Any]) -> Locator:
    """The panel of the job, at a desk that hears of changes."""
    await sign_in(page, f"{house.url}/", "office-admin")
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await page.get_by_role("link", name=f"Job {job['number']}", exact=True).click()
    panel = page.get_by_role("region", name=f"Job {job['number']}", exact=True)
    await expect(panel.get_by_role("region", name="Attachments")).to_be_visible()
    await page.evaluate("window.neverReloaded = true")
    return panel


async def take(office: Office, job: dict[str, Any], data: bytes, **members: Any) -> Picture:
    """Ivan takes a photo: the operation arrives, the bytes are still on his phone."""
    await office.ivan.sync()
    shot = Picture(data, str(uuid7()), "meter")
    held = office.ivan.jobs[job["id"]]
    await office.ivan.sync(office.ivan.operation(held, "add_photo", photo=shot.photo(**members)))
    return shot


async def has_picture(image: Locator) -> None:
    await expect(image).to_be_visible()
    await image.evaluate("image => image.decode()")
    assert await image.evaluate("image => image.naturalWidth") > 100


async def saved(page: Page, press: Locator) -> bytes:
    async with page.expect_download() as started:
        await press.click()
    return Path(await (await started.value).path()).read_bytes()


async def test_r9_a_photo_is_a_placeholder_until_its_bytes_arrive_and_then_a_picture(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    office, job = house.office, await house.office.create_job()
    data = jpeg(900, 600)
    data += bytes(800_000 - len(data))  # as large as a photo is
    async with browser(chromium, tmp_path / "desk", **DESK) as desk:
        page = desk.page
        panel = await open_job(page, house, job)
        where = {"latitude": 55.75, "longitude": 37.62, "taken_at": "2026-11-20T09:15:00Z"}
        shot = await take(office, job, data, **where)
        photos = panel.get_by_role("region", name="Photos")
        await expect(photos.get_by_text("on the phone since 20 Nov, 12:15")).to_be_visible()
        await expect(photos.get_by_role("button")).to_have_count(0)
        row = page.get_by_role("table")
        await expect(row.get_by_text("1 photo still on the phone, 0.8 MB")).to_be_visible()

        assert (await send(office.ivan, job, shot)).status_code == 204
        small = photos.get_by_role("button", name="Показание, photo 1 of 1, 20 Nov, 12:15")
        await has_picture(small.get_by_role("img"))
        await expect(photos.get_by_text("on the phone")).to_have_count(0)
        await expect(row.get_by_text("on the phone")).to_have_count(0)

        await small.click()
        full = page.get_by_role("dialog", name="Показание")
        await has_picture(full.get_by_role("img", name="Показание"))
        await expect(full.get_by_text("taken 20 Nov, 12:15")).to_be_visible()
        await expect(full.get_by_text("Иван")).to_be_visible()
        place = full.get_by_role("link", name="55.75000, 37.62000")
        assert "mlat=55.75&mlon=37.62" in (await place.get_attribute("href") or "")
        assert await saved(page, full.get_by_role("link", name="Download the original")) == data
        assert await page.evaluate("window.neverReloaded")


async def test_the_full_view_is_walked_and_left_by_keys(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    office, job = house.office, await house.office.create_job()
    for size in (400, 500):
        shot = await take(office, job, jpeg(size, 300), taken_at=f"2026-11-20T09:{size // 10}:00Z")
        assert (await send(office.ivan, job, shot)).status_code == 204
    async with browser(chromium, tmp_path / "desk", **DESK) as desk:
        panel = await open_job(desk.page, house, job)
        first = panel.get_by_role("button", name="photo 1 of 2")
        await first.focus()
        await desk.page.keyboard.press("Enter")
        full = desk.page.get_by_role("dialog")
        await expect(full.get_by_text("1 of 2")).to_be_visible()
        await desk.page.keyboard.press("ArrowRight")
        await expect(full.get_by_text("2 of 2")).to_be_visible()
        await desk.page.keyboard.press("ArrowRight")
        await expect(full.get_by_text("2 of 2")).to_be_visible()
        await desk.page.keyboard.press("ArrowLeft")
        await expect(full.get_by_text("1 of 2")).to_be_visible()
        await desk.page.keyboard.press("Escape")
        await expect(full).to_have_count(0)
        await expect(first).to_be_focused()
        await expect(panel).to_be_visible()


async def test_a_photo_that_cannot_be_shown_says_so_and_can_be_downloaded(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    office, job = house.office, await house.office.create_job()
    data = b"<svg onload='alert(1)'>" + bytes(5000)
    shot = await take(office, job, data)
    assert (await send(office.ivan, job, shot)).status_code == 204
    async with browser(chromium, tmp_path / "desk", **DESK) as desk:
        panel = await open_job(desk.page, house, job)
        await panel.get_by_role("button", name="no preview").click()
        full = desk.page.get_by_role("dialog")
        await expect(full.get_by_text("The original can be downloaded")).to_be_visible()
        assert await saved(desk.page, full.get_by_role("link", name="Download the original")) == data


DROP = """async ([name, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type: "text/plain" }));
  const target = document.querySelector(".panel h2");
  const event = (kind) => new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried });
  target.dispatchEvent(event("dragover"));
  await new Promise(requestAnimationFrame);
  target.dispatchEvent(event("drop"));
}"""


async def test_a_file_is_chosen_or_dropped_and_becomes_an_attachment_until_it_is_removed(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    office, job = house.office, await house.office.create_job()
    plan = tmp_path / "План дома.pdf"
    plan.write_bytes(b"%PDF-1.7 " + hashlib.sha512(b"plan").digest() * 40_000)
    async with browser(chromium, tmp_path / "desk", **DESK) as desk:
        page = desk.page
        panel = await open_job(page, house, job)
        files = panel.get_by_role("region", name="Attachments")
        async with page.expect_file_chooser() as chooser:
            await files.get_by_role("button", name="Attach files").press("Enter")
        await (await chooser.value).set_files(plan)
        await expect(files.get_by_text("Attached: План дома.pdf.")).to_have_count(1)
        await expect(files.get_by_role("progressbar")).to_have_count(0)
        link = files.get_by_role("link", name="План дома.pdf")
        assert await saved(page, link) == plan.read_bytes()
        (given,) = (await office.job(job["id"]))["attachments"]
        assert (given["name"], given["size"]) == (plan.name, plan.stat().st_size)
        assert given["media_type"] == "application/pdf"

        await page.evaluate(DROP, ["note.txt", base64.b64encode(b"dropped").decode()])
        await expect(files.get_by_role("link", name="note.txt")).to_be_visible()
        names = [one["name"] for one in (await office.job(job["id"]))["attachments"]]
        assert sorted(names) == ["note.txt", plan.name]

        await files.get_by_role("button", name="Remove План дома.pdf").click()
        await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        await expect(link).to_have_count(0)
        (left,) = (await office.job(job["id"]))["attachments"]
        assert left["name"] == "note.txt"

        # what another dispatcher does is seen too
        await attach(office, job, b"from elsewhere", filename="other.bin")
        await expect(files.get_by_role("link", name="other.bin")).to_be_visible()
        assert await page.evaluate("window.neverReloaded")


async def test_an_upload_goes_on_after_a_broken_connection_and_can_be_cancelled(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    office, job = house.office, await house.office.create_job()
    big = tmp_path / "video.mp4"
    big.write_bytes(hashlib.sha512(b"video").digest() * 60_000)
    async with browser(chromium, tmp_path / "desk", **DESK) as desk:
        page = desk.page
        panel = await open_job(page, house, job)
        files = panel.get_by_role("region", name="Attachments")
        patches: list[int] = []

        async def break_the_second(route: Any) -> None:
            if route.request.method == "PATCH":
                patches.append(int(route.request.headers["upload-offset"]))
                if len(patches) == 2:
                    await route.abort("connectionreset")
                    return
            await route.continue_()

        await page.route("**/v1/uploads/*", break_the_second)
        await files.locator("input[type=file]").set_input_files(big)
        await expect(files.get_by_role("link", name="video.mp4")).to_be_visible()
        assert patches[1] == patches[2] > 0
        (given,) = (await office.job(job["id"]))["attachments"]
        assert given["sha256"] == hashlib.sha256(big.read_bytes()).hexdigest()

        await page.route("**/v1/uploads/*", lambda route: route.abort("connectionreset"))
        await files.locator("input[type=file]").set_input_files(
            {"name": "unwanted.txt", "mimeType": "text/plain", "buffer": b"unwanted"}
        )
        await expect(files.get_by_text("no connection; it goes on by itself")).to_be_visible()
        await page.unroute_all()
        await files.get_by_role("button", name="Cancel unwanted.txt").click()
        await expect(files.get_by_text("unwanted.txt")).to_have_count(0)
        assert len((await office.job(job["id"]))["attachments"]) == 1


@pytest.mark.parametrize(
    ("status", "slug", "words"),
    [
        (413, "too-large", "This is too large."),
        (507, "quota-exceeded", "room for files is used up"),
        (507, "storage-full", "storage is full"),
    ],
)
async def test_a_refused_file_says_why_and_can_be_tried_again(
    house: House, chromium: Playwright, tmp_path: Path, status: int, slug: str, words: str
) -> None:
    job = await house.office.create_job()
    async with browser(chromium, tmp_path / "desk", **DESK) as desk:
        panel = await open_job(desk.page, house, job)
        files = panel.get_by_role("region", name="Attachments")
        problem = {"type": f"urn:naryad:problem:{slug}", "title": slug, "status": status}
        await desk.page.route(
            "**/v1/uploads",
            lambda route: route.fulfill(status=status, content_type="application/problem+json", json=problem),
        )
        note = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"note"}
        await files.locator("input[type=file]").set_input_files(note)
        await expect(files.get_by_role("alert").get_by_text(words)).to_be_visible()
        await desk.page.unroute_all()
        await files.get_by_role("button", name="Try again").click()
        await expect(files.get_by_role("link", name="note.txt")).to_be_visible()
