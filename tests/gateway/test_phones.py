"""`device` events: the desk is told how phones are, as they tell it, and only the latest."""

import httpx
import pytest

from naryad_gateway.phones import Phones
from support.account import Office
from support.changes import change_often
from support.live import Live
from support.sse import listening


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("naryad_gateway.phones.EVERY_S", 0.05)


async def report(office: Office, **unsent: int) -> None:
    """Ivan's phone tells of itself, and the API stores it."""
    device = {
        "trigger": "timer",
        "network": "slow",
        "now": "2026-11-24T10:00:00+03:00",
        "app_version": "1.4.0",
        "unsent": {"operations": 0, "files": 0, "bytes": 0, **unsent},
    }
    answer = await office.ivan.http.post(
        "/v1/sync", json={"cursor": office.ivan.cursor, "device": device, "operations": []}
    )
    assert answer.status_code == 200
    await office.api.stored_contacts()


async def test_the_desk_is_told_what_a_phone_tells(
    office: Office, live: Live, desk: httpx.AsyncClient
) -> None:
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        await report(office, files=2, bytes=8_100_000)
        await reader.until(lambda one: one.named("device"))
        await report(office, files=1, bytes=4_000_000)
        await reader.until(lambda one: len(one.named("device")) == 2)
        first, second = reader.named("device")
        assert first.id is None
        assert first.data["unsent"] == {"operations": 0, "files": 2, "bytes": 8_100_000}
        assert second.data["unsent"]["files"] == 1
        listed = (await office.desk.get("/v1/devices")).json()["devices"]
        assert second.data == next(one for one in listed if one["id"] == office.ivan.device_id)
        # a change comes after it, and nothing is told twice
        await change_often(office, (await office.create_job())["id"], 1)
        await reader.until(lambda one: len(one.changes) == 2)
        assert len(reader.named("device")) == 2


async def test_an_idle_poll_is_last_contact_and_comes_with_its_batch(
    office: Office, live: Live, desk: httpx.AsyncClient
) -> None:
    await office.ivan.sync()
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        for _ in range(5):
            await office.ivan.http.get("/v1/sync", params={"cursor": office.ivan.cursor or ""})
        await office.api.stored_contacts()
        await reader.until(lambda one: one.named("device"))
        assert [one.data["id"] for one in reader.named("device")] == [office.ivan.device_id]


async def test_workers_and_other_accounts_are_told_of_no_phone(
    office: Office, live: Live, desk: httpx.AsyncClient, rival: Office
) -> None:
    async with (
        live.reader_of(office.olga.http) as worker,
        live.reader_of(rival.desk) as foreign,
        listening(desk) as mine,
        listening(worker) as hers,
        listening(foreign) as theirs,
    ):
        for reader in (mine, hers, theirs):
            await reader.until(lambda one: one.heard)
        await report(office, operations=3)
        await mine.until(lambda one: one.named("device"))
        job = await office.create_job(assignees=[{"worker_id": office.olga.worker_id}])
        other = await rival.create_job()
        await hers.until(lambda one: job["version"] in [told.version for told in one.changes])
        await theirs.until(lambda one: other["version"] in [told.version for told in one.changes])
        assert not hers.named("device")
        assert not theirs.named("device")


async def test_one_statement_looks_after_all_accounts_and_none_without_a_desk(
    office: Office, live: Live, desk: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    look = Phones.look

    async def counted(phones: Phones) -> None:
        looked.append(len([one for one in phones._hub.rings.values() if one.has_desk]))
        await look(phones)

    monkeypatch.setattr(Phones, "look", counted)
    async with live.reader_of(office.ivan.http) as http, listening(http) as phone:
        await phone.until(lambda one: one.heard)
        await report(office, operations=1)
        async with listening(desk) as reader:
            await reader.until(lambda one: one.heard)
            await report(office, operations=2)
            await reader.until(lambda one: one.named("device"))
    assert max(looked) == 1


async def test_that_pushes_are_switched_on_or_off_is_told(
    office: Office, live: Live, desk: httpx.AsyncClient
) -> None:
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        body = {"channel": "fcm", "token": "f" * 40}
        answer = await office.ivan.http.put("/v1/devices/current/push", json=body)
        assert answer.status_code == 204, answer.text
        await reader.until(lambda one: one.named("device"))
        (told,) = reader.named("device")
        assert (told.data["push"]["channel"], told.data["push"]["state"]) == ("fcm", "on")
        assert told.data["id"] == office.ivan.device_id
