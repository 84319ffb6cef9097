"""A worker's own change is not told to the worker; the worker's other devices wake silently, and sync."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from asyncpg import Connection

from naryad.domain.push_channel import ChannelName
from naryad.settings import Settings
from naryad_pusher.pusher import running_pusher
from support.account import Office, Phone, phone_of, tomorrow
from support.provider import Provider
from support.pushes import ladder, register, settled

APNS, FCM, WEBPUSH = ChannelName.APNS, ChannelName.FCM, ChannelName.WEBPUSH


@pytest.fixture
async def tablet(office: Office) -> AsyncIterator[Phone]:
    """Ivan's second device."""
    second = await phone_of(office.api, office.ivan.login, office.ivan.worker_id)
    yield second
    await second.http.aclose()


async def start(phone: Phone, job: dict[str, Any]) -> None:
    await phone.sync()
    answer = await phone.sync(phone.operation(job, "set_state", state="started"))
    assert answer["results"][0]["status"] == "applied", answer


def providers() -> list[Provider]:
    return [Provider(name=name) for name in ChannelName]


def sent(all: list[Provider], job: dict[str, Any]) -> dict[tuple[str, bool], int]:
    """How many messages of the job went by which channel: (channel, silent) → number."""
    found: dict[tuple[str, bool], int] = {}
    for one in all:
        for message in one.messages:
            if str(message.job_id) == job["id"]:
                key = (str(one.name), message.alert is None)
                found[key] = found.get(key, 0) + 1
    return found


async def test_the_other_device_wakes_silently_and_the_one_that_did_it_does_not(
    office: Office, tablet: Phone, pusher_settings: Settings
) -> None:
    await register(office.ivan, APNS)
    await register(tablet, FCM)
    job, after = await office.create_job(), await office.create_job()
    channels = providers()
    async with running_pusher(pusher_settings, channels):
        await settled(office, job["id"], 2)
        assert sent(channels, job) == {("apns", False): 1, ("fcm", False): 1}

        await start(office.ivan, job)

        pushes = await settled(office, job["id"], 3)
        await settled(office, after["id"], 2)
    assert sent(channels, job) == {("apns", False): 1, ("fcm", False): 1, ("fcm", True): 1}
    woken = pushes[-1]
    assert (woken["device_id"], woken["silent"], woken["reason"]) == (tablet.device_id, True, "state")
    assert [one.get("silent") for one in pushes[:2]] == [None, None]
    (silent,) = [one for one in channels[1].messages if one.alert is None]
    assert silent.data().keys() == {"notification_id", "job_id", "version", "reason", "url"}
    assert silent.as_json().keys() == silent.data().keys()


async def test_each_of_two_devices_wakes_the_other(
    office: Office, tablet: Phone, pusher_settings: Settings, truth: Connection
) -> None:
    """Changes made on two devices before the pusher comes do not join into one that spares both."""
    await register(office.ivan, APNS)
    await register(tablet, FCM)
    job = await office.create_job()
    await truth.execute("delete from push_intent")
    await start(office.ivan, job)
    await tablet.sync()
    await tablet.sync(tablet.operation(tablet.jobs[job["id"]], "set_report", fields={"meter": 7}))

    channels = providers()
    async with running_pusher(pusher_settings, channels):
        await settled(office, job["id"], 2)
    assert sent(channels, job) == {("apns", True): 1, ("fcm", True): 1}


@pytest.mark.parametrize("other", [None, WEBPUSH])
async def test_a_device_that_cannot_wake_silently_costs_nothing(
    office: Office, tablet: Phone, truth: Connection, other: ChannelName | None
) -> None:
    await register(office.ivan, APNS)
    if other:
        await register(tablet, other)
    job = await office.create_job()
    await truth.execute("delete from push_intent")

    await start(office.ivan, job)

    assert await truth.fetchval("select count(*) from push_intent") == 0


async def test_silent_wake_ups_follow_the_same_rule_of_today(
    office: Office, tablet: Phone, truth: Connection
) -> None:
    """R14, also without an alert."""
    await register(tablet, APNS)
    later, now = await office.create_job(scheduled_at=tomorrow()), await office.create_job()
    await truth.execute("delete from push_intent")

    await start(office.ivan, later)
    await start(office.ivan, now)

    rows = await truth.fetch("select job_id, made_on from push_intent")
    assert [(str(one["job_id"]), str(one["made_on"])) for one in rows] == [(now["id"], office.ivan.device_id)]


async def test_a_desks_change_and_an_own_one_are_two_intents(
    office: Office, tablet: Phone, pusher_settings: Settings
) -> None:
    """A phone that has synced the desk's change is not told because of what it did itself since."""
    await register(office.ivan, APNS)
    await register(tablet, FCM)
    job = await office.create_job()  # its push waits
    await start(office.ivan, job)  # that phone proved by its cursor that it has the job
    await office.api.stored_contacts()

    channels = providers()
    async with running_pusher(pusher_settings, channels):
        pushes = await settled(office, job["id"], 3)
    assert sent(channels, job) == {("fcm", False): 1, ("fcm", True): 1}
    assert sorted((one["device_id"], one["state"], one.get("detail")) for one in pushes) == sorted(
        [
            (office.ivan.device_id, "skipped", "already-synced"),
            (tablet.device_id, "sent", None),
            (tablet.device_id, "sent", None),
        ]
    )


async def test_a_silent_wake_up_that_no_provider_can_send_is_not_shown(
    office: Office, tablet: Phone, pusher_settings: Settings
) -> None:
    """Its channel is not set up here: nothing is recorded, nothing is shown in the ladder."""
    await register(tablet, APNS)
    job, after = await office.create_job(), await office.create_job()
    await start(office.ivan, job)
    async with running_pusher(pusher_settings, [Provider()]):
        await settled(office, job["id"], 2)
        await settled(office, after["id"], 2)
    assert [one.get("silent") for one in await ladder(office, job["id"])] == [None, None]
