"""What the app asks and says about notifications, and how it keeps this phone registered for them."""

import asyncio
import json
from pathlib import Path

import pytest
from playwright.async_api import Playwright, expect

from naryad.settings import Settings
from support.allowed_phone import CARD, allow, arrived, devices_with_push, ivan, pushing, until_registered
from support.field_app import sign_in
from support.house import House
from support.misbehaving import plain
from support.notifications import CHANGED, SUBSCRIBED, SUBSCRIBED_WITH, given, set_permission
from support.push_service import FakePushService


@pytest.fixture
def settings(database_url: str) -> Settings:
    return pushing(database_url)


async def test_signing_out_ends_the_pushes_to_this_phone_and_signing_in_renews_them(
    house: House, chromium: Playwright, tmp_path: Path, pushes: FakePushService
) -> None:
    await house.office.create_job()
    async with ivan(chromium, tmp_path / "phone", house, pushes.subscribe("ivan")) as phone:
        await allow(phone.page)
        await until_registered(house)
        await phone.page.get_by_role("link", name="Profile").click()
        await phone.page.get_by_role("button", name="Sign out").click()
        await expect(phone.page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert await devices_with_push(house) == []
        await phone.page.wait_for_function(f"() => {SUBSCRIBED_WITH} === null")
        await sign_in(phone.page, f"{house.url}/app/", "office-Иван")
        await until_registered(house)  # allowed as it is, nothing is asked


async def test_another_address_given_by_the_browser_is_told_by_the_service_worker(
    house: House, chromium: Playwright, tmp_path: Path, pushes: FakePushService
) -> None:
    await house.office.create_job()
    async with ivan(chromium, tmp_path / "phone", house, pushes.subscribe("ivan")) as phone:
        await allow(phone.page)
        await until_registered(house)
        key = await phone.page.evaluate(SUBSCRIBED_WITH)
        await phone.page.goto("about:blank")
        pushes.answers["ivan"] = plain(410, b"")
        await phone.context.service_workers[0].evaluate(CHANGED, given(pushes.subscribe("anew"), key))
        await house.office.create_job()
        assert (await arrived(pushes)).subscription == "anew"


async def test_a_registration_that_the_server_gave_up_is_renewed_when_the_app_is_opened(
    house: House, chromium: Playwright, tmp_path: Path, pushes: FakePushService
) -> None:
    await house.office.create_job()
    async with ivan(chromium, tmp_path / "phone", house, pushes.subscribe("ivan")) as phone:
        await allow(phone.page)
        await until_registered(house)
        await phone.page.goto("about:blank")
        pushes.answers["ivan"] = plain(410, b"")
        await house.office.create_job()
        async with asyncio.timeout(60):
            while (await devices_with_push(house))[0]["state"] == "on":
                await asyncio.sleep(0.05)
        await phone.context.add_init_script(f"({SUBSCRIBED})({json.dumps(given(pushes.subscribe('anew')))})")
        await phone.page.goto(f"{house.url}/app/")
        async with asyncio.timeout(60):
            while (await devices_with_push(house))[0]["state"] == "off":
                await asyncio.sleep(0.05)
        await phone.page.goto("about:blank")
        await house.office.create_job()
        assert (await arrived(pushes)).subscription == "anew"


async def test_r22_not_now_is_remembered_and_profile_says_how_to_allow_what_was_blocked(
    house: House, chromium: Playwright, tmp_path: Path, pushes: FakePushService
) -> None:
    async with ivan(chromium, tmp_path / "phone", house, pushes.subscribe("ivan"), "denied") as phone:
        card = phone.page.get_by_role("region", name=CARD)
        await expect(phone.page.get_by_text("No jobs for today")).to_be_visible()
        await expect(card).to_have_count(0)  # with nothing to be told of, nothing is asked
        await house.office.create_job()
        await phone.page.get_by_role("button", name="Sync now").click()
        await card.get_by_role("button", name="Not now").click()
        await expect(card).to_have_count(0)
        await phone.page.reload()
        await expect(phone.page.get_by_role("link", name="Заменить счётчик")).to_be_visible()
        await expect(card).to_have_count(0)

        await phone.page.get_by_role("link", name="Profile").click()
        await expect(phone.page.get_by_text("not asked yet")).to_be_visible()
        await phone.page.get_by_role("button", name="Turn on notifications").click()
        await expect(phone.page.get_by_text("switch on “Notifications”")).to_be_visible()
        await set_permission(phone.page, "granted")  # in the browser's settings
        await expect(phone.page.get_by_text("You are told when a job of today is new")).to_be_visible()
        await until_registered(house)
        await set_permission(phone.page, "denied")
        await until_registered(house, 0)  # and the dispatcher sees that, too
