"""`naryad push dead`: what could not be sent is listed, and sent again when the reason is gone."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asyncpg import Connection

from naryad.domain.push_channel import ChannelName
from naryad.settings import Settings
from naryad.uuid7 import uuid7
from naryad_pusher.channels.channel import Gone, Rejected
from naryad_pusher.pusher import running_pusher
from support.account import Office, found_office
from support.command import naryad
from support.provider import Provider
from support.pushes import register, settled
from support.server import Api

FCM = ChannelName.FCM
REJECTED = Rejected("400 INVALID_ARGUMENT")


@pytest.fixture
async def rival(api: Api) -> AsyncIterator[Office]:
    async with found_office(api, "Rival") as founded:
        yield founded


async def died(office: Office, database_url: str, outcome: Rejected | Gone = REJECTED) -> dict[str, Any]:
    """A job of which Ivan could not be told."""
    async with running_pusher(settings(database_url), [Provider([outcome], FCM)]):
        job = await office.create_job()
        await settled(office, job["id"], 1)
    return job


def settings(database_url: str) -> Settings:
    return Settings.model_validate({"database_url": database_url})


def told(database_url: str, *arguments: str, code: int = 0) -> Any:
    result = naryad("push", "dead", *arguments, "--json", NARYAD_DATABASE_URL=database_url)
    assert result.returncode == code, result.stderr
    return json.loads(result.stdout)


async def test_dead_messages_are_listed_and_sent_again(
    office: Office, rival: Office, database_url: str
) -> None:
    await register(office.ivan, FCM)
    await register(rival.ivan, FCM, "rival's")
    job = await died(office, database_url)
    other = await died(rival, database_url)

    dead = told(database_url, "list")["dead"]
    assert [(one["job_id"], one["detail"]) for one in dead] == [
        (job["id"], REJECTED.detail),
        (other["id"], REJECTED.detail),
    ]
    assert (dead[0]["worker_name"], dead[0]["job_number"], dead[0]["channel"]) == ("Иван", 1, "fcm")
    account = ("--account", str(rival.account_id))
    assert [one["job_id"] for one in told(database_url, "list", *account)["dead"]] == [other["id"]]
    assert told(database_url, "list", "--channel", "apns") == {"dead": []}
    assert len(told(database_url, "list", "--limit", "1")["dead"]) == 1

    assert told(database_url, "replay", "--all", *account)["replayed"] == [dead[1]["id"]]
    assert told(database_url, "replay", dead[0]["id"]) == {
        "replayed": [dead[0]["id"]],
        "unreachable": [],
        "unknown": [],
    }
    assert told(database_url, "list") == {"dead": []}
    fcm = Provider(name=FCM)
    async with running_pusher(settings(database_url), [fcm]):
        for company, one in ((office, job), (rival, other)):
            (push,) = await settled(company, one["id"], 1)
            assert push["state"] == "sent"
    assert sorted(str(one.notification_id) for one in fcm.messages) == sorted(one["id"] for one in dead)


async def test_a_phone_registered_nowhere_is_told_of_in_words_and_elsewhere_is_found(
    office: Office, database_url: str
) -> None:
    await register(office.ivan, FCM)
    job = await died(office, database_url, Gone("404 UNREGISTERED"))
    (dead,) = told(database_url, "list")["dead"]

    assert told(database_url, "replay", "--all", code=1)["unreachable"] == [dead["id"]]
    assert len(told(database_url, "list")["dead"]) == 1

    await register(office.ivan, ChannelName.APNS)
    assert told(database_url, "replay", "--all", "--channel", "fcm")["replayed"] == [dead["id"]]
    apns = Provider(name=ChannelName.APNS)
    async with running_pusher(settings(database_url), [apns]):
        (push,) = await settled(office, job["id"], 1)
    assert (push["state"], push["channel"]) == ("sent", "apns")


async def test_what_is_no_longer_right_is_not_sent_again(
    office: Office, database_url: str, truth: Connection
) -> None:
    await register(office.ivan, FCM)
    job = await died(office, database_url)
    assert (await office.desk.delete(f"/v1/jobs/{job['id']}")).status_code == 204
    (dead,) = told(database_url, "list")["dead"]
    told(database_url, "replay", dead["id"])
    fcm = Provider(name=FCM)
    async with running_pusher(settings(database_url), [fcm]):
        (push,) = await settled(office, job["id"], 1)
    assert (push["state"], push["detail"], fcm.messages) == ("skipped", "job-deleted", [])


async def test_it_speaks_in_words(office: Office, database_url: str) -> None:
    await register(office.ivan, FCM)
    assert "no message is dead" in naryad("push", "dead", "list", NARYAD_DATABASE_URL=database_url).stdout
    await died(office, database_url)
    line = naryad("push", "dead", "list", NARYAD_DATABASE_URL=database_url).stdout
    for word in ("fcm", "job 1", "Иван", "Телефон", "Ромашка", REJECTED.detail):
        assert word in line
    nothing = naryad("push", "dead", "replay", NARYAD_DATABASE_URL=database_url)
    assert (nothing.returncode, "Traceback" in nothing.stderr) == (2, False)
    assert "--all" in nothing.stderr
    unknown = str(uuid7())
    missing = naryad("push", "dead", "replay", unknown, NARYAD_DATABASE_URL=database_url)
    assert (missing.returncode, unknown in missing.stdout) == (1, True)
    for help in (("push",), ("push", "dead"), ("push", "dead", "list"), ("push", "dead", "replay")):
        assert "usage: naryad push" in naryad(*help, "--help").stdout
