"""Photos and attachments in the field app, in real Chromium, over a link that comes and goes in speed."""

import hashlib
import io
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Page, Playwright, expect

from support.account import PASSWORD
from support.browser import PHONE, browser
from support.field_app import ivans_phone, ready_to_push
from support.house import House
from support.slow_wire import SlowWire, slow_wire_to
from support.tus import attach
from support.wait import until

FIELD = "Фото до"


async def job_with_photos(house: House) -> dict[str, Any]:
    answer = await house.office.desk.post(
        "/v1/templates",
        json={
            "name": "С фото",
            "fields": [
                {"key": "meter", "name": "Показание", "type": "number"},
                {"key": "before", "name": FIELD, "type": "photo"},
            ],
            "resolutions": [{"name": "Сделано", "successful": True}],
        },
    )
    assert answer.status_code == 201, answer.text
    return await house.office.create_job(template_id=answer.json()["id"])


def shot(seed: int, width: int = 1200, height: int = 900) -> dict[str, Any]:
    """A file as the phone's camera gives it: some hundred kilobytes also when it has been reduced."""
    chance = random.Random(seed)
    noise = Image.frombytes(
        "RGB", (width // 4, height // 4), chance.randbytes(width // 4 * (height // 4) * 3)
    )
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:11:24 10:02:03"
    exif.get_ifd(0x8769)[0x9011] = "+03:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (55.0, 45.0, 0.0), "E", (37.0, 30.0, 0.0)
    made = io.BytesIO()
    noise.resize((width, height)).save(made, "JPEG", exif=exif, quality=95)
    return {"name": f"IMG_{seed}.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


HELD = """async () => {
  const result = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const all = await indexedDB.databases();
  const db = await result(indexedDB.open(all.find((one) => one.name.startsWith("naryad-")).name));
  const bytes = db.transaction("bytes").objectStore("bytes");
  const [keys, blobs] = await Promise.all([result(bytes.getAllKeys()), result(bytes.getAll())]);
  db.close();
  const hex = (hash) => [...new Uint8Array(hash)].map((one) => one.toString(16).padStart(2, "0")).join("");
  const hashes = {};
  for (const [place, blob] of blobs.entries()) {
    hashes[keys[place][0]] = hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  }
  return hashes;
}"""
"""SHA-256 of the bytes that the phone holds, by file."""


async def take_photos(page: Page, *shots: dict[str, Any]) -> dict[str, str]:
    """Choose photos as a worker does, and answer what the phone then holds."""
    chooser = page.get_by_label(f"Choose photos: {FIELD}")
    await chooser.set_input_files(list(shots))
    await expect(page.get_by_role("button", name="View: Photo")).to_have_count(len(shots))
    held: dict[str, str] = await page.evaluate(HELD)
    assert len(held) == len(shots)
    return held


async def states(house: House, job: dict[str, Any]) -> list[str]:
    return [one["state"] for one in (await house.office.job(job["id"])).get("photos", [])]


async def health(house: House) -> dict[str, Any]:
    """What the desk is told of the phone."""
    devices = (await house.office.desk.get("/v1/devices")).json()["devices"]
    (device,) = [one for one in devices if one["platform"] == "web"]
    unsent = device.get("unsent", {})
    return {"network": device.get("network"), "files": unsent.get("files"), "bytes": unsent.get("bytes")}


async def hashes_there(house: House, job: dict[str, Any]) -> dict[str, str]:
    there = {}
    for one in (await house.office.job(job["id"]))["photos"]:
        answer = await house.office.desk.get(f"/v1/files/{one['id']}")
        assert answer.status_code == 200, answer.text
        there[one["id"]] = hashlib.sha256(answer.content).hexdigest()
    return there


async def make_slow(page: Page, wire: SlowWire, how: str) -> None:
    """EDGE at its worst; `measured`: the browser goes on calling it 4g."""
    wire.become(50, 20, 0.3)
    if how == "told by the browser":
        session = await page.context.new_cdp_session(page)
        await session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": 1500,
                "downloadThroughput": -1,
                "uploadThroughput": -1,
                "connectionType": "cellular2g",
            },
        )
        assert await page.evaluate("navigator.connection.effectiveType") in ("2g", "slow-2g")
    else:
        assert await page.evaluate("navigator.connection.effectiveType") == "4g"


@pytest.mark.parametrize("how", ["measured", "told by the browser"])
async def test_r3_r7_r8_photos_wait_on_2g_and_go_by_themselves_on_a_fast_network(
    house: House, chromium: Playwright, tmp_path: Path, how: str
) -> None:
    job = await job_with_photos(house)
    async with (
        slow_wire_to(house.url) as wire,
        ivans_phone(chromium, tmp_path / "phone", house, wire.url) as phone,
    ):
        page = phone.page
        await page.get_by_role("link", name="Заменить счётчик").click()
        await make_slow(page, wire, how)
        await page.get_by_role("button", name="Start").click()
        await page.get_by_label("Показание").fill("77")
        held = await take_photos(page, shot(1), shot(2), shot(3))

        # R7: state, report and what there is of photos arrive; no byte of a photo leaves the phone
        await until(lambda: states(house, job), ["expected"] * 3)
        await expect(page.get_by_text("Waits for a fast network")).to_have_count(3)
        await page.get_by_role("button", name="Sync now").click()
        await expect(page.get_by_text("not sent yet")).to_have_count(0)
        arrived = await house.office.job(job["id"])
        assert (arrived["state"], arrived["report"]) == ("started", {"meter": 77})
        first = arrived["photos"][0]
        assert datetime.fromisoformat(first["taken_at"]) == datetime(2026, 11, 24, 7, 2, 3, tzinfo=UTC)
        assert (first["latitude"], first["longitude"]) == (55.75, 37.5)
        assert (wire.created, wire.offsets) == (0, [])
        assert wire.up.bytes < 40_000
        await page.get_by_role("link", name="Profile").click()
        await expect(page.get_by_test_id("unsent").locator("output")).to_have_text("3")
        await expect(page.get_by_role("button", name="Send photos now")).to_be_visible()
        total = sum(one["size"] for one in arrived["photos"])
        await until(lambda: health(house), {"network": "slow", "files": 3, "bytes": total})

        # R8, R3: the link turns fast; within one sync all three are there, byte for byte
        wire.become(None, None)
        if how == "measured":
            await page.get_by_role("button", name="Sync now").click()
        else:  # the browser tells of the other network: nobody needs to ask
            session = await page.context.new_cdp_session(page)
            fast = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
            await session.send("Network.emulateNetworkConditions", {**fast, "connectionType": "wifi"})
        await until(lambda: states(house, job), ["available"] * 3)
        assert await hashes_there(house, job) == held
        await expect(page.get_by_test_id("unsent").locator("output")).to_have_text("0")
        assert await page.evaluate(HELD) == {}  # only now has the phone let go of them
        await page.get_by_role("link", name="Jobs").click()
        await page.get_by_role("link", name="Заменить счётчик").click()
        await expect(page.get_by_text("On the server")).to_have_count(3)


async def test_r7_send_photos_now_sends_on_a_slow_network(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    job = await job_with_photos(house)
    async with (
        slow_wire_to(house.url) as wire,
        ivans_phone(chromium, tmp_path / "phone", house, wire.url) as phone,
    ):
        await phone.page.get_by_role("link", name="Заменить счётчик").click()
        wire.become(100, 100, 0.1)
        held = await take_photos(phone.page, shot(4, 400, 300))
        await expect(phone.page.get_by_text("Waits for a fast network")).to_be_visible()
        await phone.page.get_by_role("link", name="Profile").click()
        await phone.page.get_by_role("button", name="Send photos now").click()
        await until(lambda: states(house, job), ["available"])
        assert await hashes_there(house, job) == held
        await expect(phone.page.get_by_role("region", name="Files to send")).to_have_count(0)


async def test_r3_a_browser_killed_in_the_middle_of_an_upload_goes_on_where_the_server_is(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    job = await job_with_photos(house)
    async with slow_wire_to(house.url) as wire:
        async with ivans_phone(chromium, tmp_path / "phone", house, wire.url) as phone:
            await phone.page.get_by_role("link", name="Заменить счётчик").click()
            wire.become(1600, 800, 0.02)
            held = await take_photos(phone.page, shot(5, 1900, 1400))
            await until(lambda: _pieces_sent(wire, 3), True)
            await phone.kill()
        began = len(wire.offsets)
        wire.become(None, None)
        async with browser(chromium, tmp_path / "phone", **PHONE) as phone:
            await phone.page.goto(f"{wire.url}/app/profile")
            again = phone.page.get_by_role("heading", name="Sign in")
            done = phone.page.get_by_test_id("unsent").locator("output", has_text="0")
            await expect(again.or_(done).first).to_be_visible()
            if await again.is_visible():  # Chromium writes a cookie to disk up to half a minute late
                await phone.page.get_by_label("Password").fill(PASSWORD)
                await phone.page.get_by_role("button", name="Sign in").click()
            await until(lambda: states(house, job), ["available"])
            await expect(done).to_be_visible()
        assert await hashes_there(house, job) == held
        assert wire.created == 1
        assert wire.offsets[began] >= wire.offsets[began - 1] > 0
        (photo,) = (await house.office.job(job["id"]))["photos"]
        assert wire.up.bytes < photo["size"] * 1.1 + 100_000


async def _pieces_sent(wire: SlowWire, least: int) -> bool:
    return len(wire.offsets) >= least


async def test_r2_r7_an_attachment_comes_on_a_fast_network_or_when_wanted_and_opens_offline(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    job = await job_with_photos(house)
    plan, note = random.Random(6).randbytes(300_000), "Код домофона 26".encode() * 400
    await attach(house.office, job, shot(7)["buffer"], filename="Схема.jpg", filetype="image/jpeg")
    await attach(house.office, job, plan, filename="План.bin", filetype="application/octet-stream")
    async with slow_wire_to(house.url) as wire:
        async with ivans_phone(chromium, tmp_path / "phone", house, wire.url) as phone:
            page = phone.page
            await page.get_by_role("link", name="Заменить счётчик").click()
            await expect(page.get_by_text("On this phone")).to_have_count(2)
            wire.become(50, 20, 0.3)
            await attach(house.office, job, note, filename="Код.txt", filetype="text/plain")
            await page.get_by_role("button", name="Sync now").click()
            await expect(page.get_by_text("Waits for a fast network")).to_be_visible()
            await page.get_by_role("button", name="Download now: Код.txt").click()
            await expect(page.get_by_text("On this phone")).to_have_count(3)
            await page.context.set_offline(True)
            await page.get_by_role("button", name="Open: Схема.jpg").click()
            picture = page.get_by_role("img", name="Схема.jpg")
            await expect(picture).to_be_visible()
            assert await picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)") == 1200
            await page.get_by_role("button", name="Close").click()
            async with page.expect_download() as downloading:
                await page.get_by_role("button", name="Open: План.bin").click()
            saved = await (await downloading.value).path()
            assert saved.read_bytes() == plan
            await page.context.set_offline(False)
        answer = await house.office.desk.post(f"/v1/jobs/{job['id']}/state", json={"to": "canceled"})
        assert answer.status_code == 200, answer.text


async def test_two_tabs_send_each_photo_once(house: House, chromium: Playwright, tmp_path: Path) -> None:
    job = await job_with_photos(house)
    async with (
        slow_wire_to(house.url) as wire,
        ivans_phone(chromium, tmp_path / "phone", house, wire.url) as phone,
    ):
        second = await phone.context.new_page()
        await second.goto(f"{wire.url}/app/profile")
        await phone.page.get_by_role("link", name="Заменить счётчик").click()
        wire.become(None, 1500, 0.02)
        held = await take_photos(phone.page, shot(8), shot(9))
        await until(lambda: _pieces_sent(wire, 1), True)
        for page in (second, phone.page):
            await page.get_by_role("button", name="Sync now").click()
        await until(lambda: states(house, job), ["available"] * 2)
        assert await hashes_there(house, job) == held
        sizes = [one["size"] for one in (await house.office.job(job["id"]))["photos"]]
        assert wire.created == 2
        assert wire.offsets == [offset for size in sizes for offset in (0, *range(65_536, size, 262_144))]
        for page in (phone.page, second):
            await page.get_by_role("link", name="Profile").click()
            await expect(page.get_by_test_id("unsent").locator("output")).to_have_text("0")


async def test_r8_r12_photos_go_with_the_app_closed_when_a_push_wakes_it(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    job = await job_with_photos(house)
    async with (
        slow_wire_to(house.url) as wire,
        ivans_phone(chromium, tmp_path / "phone", house, wire.url, permissions=["notifications"]) as phone,
    ):
        await phone.page.get_by_role("link", name="Заменить счётчик").click()
        wire.become(50, 20, 0.3)
        held = await take_photos(phone.page, shot(10))
        await expect(phone.page.get_by_text("Waits for a fast network")).to_be_visible()
        push = await ready_to_push(phone.page, wire.url)
        await phone.page.goto(f"{wire.url}/healthz")  # no page of the app is open any more
        assert wire.created == 0
        wire.become(None, None)
        await push({"title": "New job", "body": "Today", "job_id": job["id"], "url": "/app/"})
        await until(lambda: states(house, job), ["available"])
        assert await hashes_there(house, job) == held


NO_ROOM = """() => {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (value, ...key) {
    if (value instanceof Blob) throw new DOMException("full", "QuotaExceededError");
    return put.call(this, value, ...key);
  };
}"""
"""As a full disk does it; the quota that DevTools sets is not looked at by the store of Chromium."""


async def test_a_full_phone_says_so_and_loses_nothing(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    job = await job_with_photos(house)
    async with ivans_phone(chromium, tmp_path / "phone", house) as phone:
        page = phone.page
        await page.get_by_role("link", name="Заменить счётчик").click()
        await page.context.set_offline(True)
        held = await take_photos(page, shot(11))
        await page.evaluate(NO_ROOM)
        await page.get_by_label(f"Choose photos: {FIELD}").set_input_files([shot(12)])
        await expect(page.get_by_text("IMG_12.jpg is not saved")).to_be_visible()
        await expect(page.get_by_role("alert").first).to_contain_text(
            "no room for this photo: it is NOT saved"
        )
        await expect(page.get_by_role("button", name="View: Photo")).to_have_count(1)
        assert await page.evaluate(HELD) == held
        await page.context.set_offline(False)
        await until(lambda: states(house, job), ["available"])  # and no operation without its bytes
        assert await hashes_there(house, job) == held


async def test_a_removed_photo_and_one_that_is_no_picture(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    job = await job_with_photos(house)
    async with ivans_phone(chromium, tmp_path / "phone", house) as phone:
        page = phone.page
        await page.get_by_role("link", name="Заменить счётчик").click()
        await page.context.set_offline(True)
        await take_photos(page, shot(13), shot(14))
        wrong = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
        await page.get_by_label(f"Choose photos: {FIELD}").set_input_files([wrong])
        await expect(page.get_by_role("alert")).to_contain_text("cannot read IMG_1.jpg")
        await page.get_by_role("button", name="Remove: Photo 1").click()
        await page.get_by_role("button", name="Remove", exact=True).click()
        await expect(page.get_by_role("button", name="View: Photo")).to_have_count(1)
        await page.context.set_offline(False)
        await until(lambda: states(house, job), ["available"])
        await until(lambda: page.evaluate(HELD), {})
        ten = [shot(20 + n, 80, 60) for n in range(10)]
        await page.get_by_label(f"Choose photos: {FIELD}").set_input_files(ten)
        await expect(page.get_by_text("10 photos are the most for one field.")).to_be_visible()
        await expect(page.get_by_text("1 photo was left out")).to_be_visible()
