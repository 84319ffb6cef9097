"""The reference device against the real server and database: whatever happens, both agree in the end."""

import os
import random
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from naryad.device.operations import AddComment, AddPhoto, RemovePhoto, SetReport, SetState, Work
from naryad.device.phone import Phone
from naryad.device.session import Credentials, Profile
from naryad.device.store import Store
from naryad.device.transport import Transport
from naryad.domain.ids import DeviceId, JobId
from naryad.domain.states import JobState
from naryad.domain.sync_policy import Trigger
from naryad.uuid7 import uuid7
from support.account import PASSWORD, Office
from support.cutting_proxy import cutting_proxy


class Shelf:
    """Phones that share a folder, so that they can be lost, restored and restarted."""

    def __init__(self, office: Office, folder: Path, url: str, stack: AsyncExitStack) -> None:
        self.office, self.folder, self.url, self.stack = office, folder, url, stack

    async def phone(self, login: str, device: DeviceId, file: str = "") -> Phone:
        store = Store(self.folder / f"{file or login}.sqlite", device)
        self.stack.callback(store.close)
        transport = await self.stack.enter_async_context(Transport(self.url))
        return Phone(store, transport, Profile("Телефон"), credentials=Credentials(login, PASSWORD))


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that paging is met all the time."""
    monkeypatch.setattr("naryad_api.news.PAGE", 2)


@pytest.fixture
async def shelf(office: Office, tmp_path: Path) -> AsyncIterator[Shelf]:
    async with AsyncExitStack() as stack:
        yield Shelf(office, tmp_path, office.api.url, stack)


async def synced(phone: Phone) -> Phone:
    report = await phone.sync(Trigger.MANUAL)
    assert report.ok, report.why
    return phone


def as_sent(phone: Phone) -> dict[str, dict[str, Any]]:
    return {str(id): by_id(job.as_json()) for id, job in phone.state.jobs.items()}


def by_id(job: dict[str, Any]) -> dict[str, Any]:
    """Lists of things with ids compare without order; what is empty is absent."""
    lists = ("photos", "comments", "attachments")
    named = {name: {one["id"]: one for one in job[name]} if name in lists else job[name] for name in job}
    return {name: value for name, value in named.items() if value not in (None, {}, [])}


async def on_the_server(
    office: Office, truth: asyncpg.Connection, worker_id: str
) -> dict[str, dict[str, Any]]:
    """What a phone of this worker must hold, asked of the database directly."""
    rows = await truth.fetch(
        """select id from job where fields->>'state' not in ('posted', 'scheduled')
           and not coalesce((fields->>'retired')::bool, false)
           and exists (select from jsonb_array_elements(fields->'assignees') one
                       where one->>'worker_id' = $1)""",
        worker_id,
    )
    return {str(row["id"]): by_id(await office.job(str(row["id"]))) for row in rows}


async def test_a_day_of_cuts_edits_and_restarts_ends_in_agreement(
    office: Office, truth: asyncpg.Connection, tmp_path: Path
) -> None:
    seed = int(os.environ.get("NARYAD_SEED", random.SystemRandom().randrange(10**6)))
    print(f"NARYAD_SEED={seed}")
    chance = random.Random(seed)
    people = {"Ромашка-Иван": office.ivan, "Ромашка-Ольга": office.olga}
    devices = {login: DeviceId(uuid7()) for login in people}
    made = 0
    async with cutting_proxy(office.api.url, chance) as proxy, AsyncExitStack() as last:
        stacks = {login: AsyncExitStack() for login in people}
        phones: dict[str, Phone] = {}
        for login, stack in stacks.items():
            phones[login] = await Shelf(office, tmp_path, proxy.url, stack).phone(login, devices[login])
            await synced(phones[login])
        jobs = [await office.create_job() for _ in range(3)]
        proxy.cut_share = 0.4
        for _ in range(120):
            login = chance.choice(list(people))
            phone = phones[login]
            match chance.choice(["work", "work", "work", "sync", "sync", "desk", "restart"]):
                case "work" if phone.state.jobs:
                    phone.do(some_work(chance), chance.choice(list(phone.state.jobs)))
                    made += 1
                case "sync":
                    await phone.sync(Trigger.MANUAL)
                case "desk":
                    jobs += await at_the_desk(office, chance, jobs)
                case "restart":
                    await stacks[login].aclose()
                    stacks[login] = AsyncExitStack()
                    shelf = Shelf(office, tmp_path, proxy.url, stacks[login])
                    phones[login] = await shelf.phone(login, devices[login])
        proxy.cut_share = 0.0
        for login, phone in phones.items():
            last.push_async_exit(stacks[login])
            await synced(phone)
            assert phone.unsent == 0
            assert as_sent(phone) == await on_the_server(office, truth, people[login].worker_id)
        mine = list(devices.values())
        receipts = await truth.fetch("select id from operation where device_id = any ($1)", mine)
        assert len(receipts) == len({row["id"] for row in receipts}) == made


def some_work(chance: random.Random) -> Work:
    return chance.choice(
        [
            SetState(JobState(chance.choice(["en_route", "started", "suspended"]))),
            SetReport({"meter": chance.choice([None, *range(9)])}),
            SetReport({"note": chance.choice(["да", "нет", ""]), "sealed": chance.random() < 0.5}),
            AddComment(uuid7(), "Тут"),
            AddPhoto(uuid7(), {"field": "before", "sha256": "0" * 64, "size": 9, "media_type": "image/jpeg"}),
            RemovePhoto(uuid7()),
        ]
    )


async def at_the_desk(
    office: Office, chance: random.Random, jobs: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    job = chance.choice(jobs)["id"]
    who = chance.choice([office.ivan, office.olga]).worker_id
    match chance.choice(["create", "edit", "edit", "reassign", "cancel", "reopen", "delete"]):
        case "create":
            return [await office.create_job(assignees=[{"worker_id": who}])]
        case "edit":
            changes: dict[str, Any] = {
                "description": chance.choice(["", "Срочно", "Потом"]),
                "report": {"meter": 1},
            }
            await office.desk.patch(f"/v1/jobs/{job}", json=changes)
        case "reassign":
            await office.desk.patch(f"/v1/jobs/{job}", json={"assignees": [{"worker_id": who}]})
        case "cancel":
            await office.desk.post(f"/v1/jobs/{job}/state", json={"to": "canceled"})
        case "reopen":
            await office.desk.post(f"/v1/jobs/{job}/state", json={"to": "published"})
        case "delete" if chance.random() < 0.3:
            await office.desk.delete(f"/v1/jobs/{job}")
    return []


async def test_a_first_sync_of_several_pages_is_whole(
    office: Office, shelf: Shelf, truth: asyncpg.Connection
) -> None:
    for n in range(7):
        await office.create_job(description=f"Наряд {n}")
    await truth.execute("update account_user set removal_floor = 5")
    phone = await synced(await shelf.phone("Ромашка-Иван", DeviceId(uuid7())))
    assert as_sent(phone) == await on_the_server(office, truth, office.ivan.worker_id)


async def test_another_epoch_makes_the_phone_say_what_it_has_and_keep_its_work(
    office: Office, shelf: Shelf, truth: asyncpg.Connection
) -> None:
    kept, taken, deleted = [await office.create_job() for _ in range(3)]
    phone = await synced(await shelf.phone("Ромашка-Иван", DeviceId(uuid7())))
    await truth.execute("update account set epoch = 'cafecafe'")
    await office.desk.patch(f"/v1/jobs/{kept['id']}", json={"description": "Другое"})
    await office.desk.patch(f"/v1/jobs/{taken['id']}", json={"assignees": []})
    await office.desk.delete(f"/v1/jobs/{deleted['id']}")
    phone.do(SetReport({"meter": 5}), JobId(UUID(kept["id"])))
    await synced(phone)
    assert phone.unsent == 0
    assert as_sent(phone) == await on_the_server(office, truth, office.ivan.worker_id)
    assert (await office.job(kept["id"]))["report"] == {"meter": 5}


async def test_a_phone_restored_from_its_backup_renumbers_and_goes_on(
    office: Office, shelf: Shelf, tmp_path: Path
) -> None:
    job = JobId(UUID((await office.create_job())["id"]))
    device = DeviceId(uuid7())
    async with AsyncExitStack() as stack:
        await synced(await Shelf(office, tmp_path, shelf.url, stack).phone("Ромашка-Иван", device, "first"))
    shutil.copy(tmp_path / "first.sqlite", tmp_path / "backup.sqlite")
    phone = await shelf.phone("Ромашка-Иван", device, "first")
    for value in range(3):
        phone.do(SetReport({"meter": value}), job)
    await synced(phone)
    restored = await shelf.phone("Ромашка-Иван", device, "backup")
    operation = restored.do(SetReport({"meter": 9}), job)
    await synced(restored)
    assert (operation.seq, restored.unsent, restored.state.acknowledged) == (1, 0, 4)
    assert (await office.job(str(job)))["report"] == {"meter": 9}


async def test_work_for_a_job_that_was_taken_away_is_late_and_told(office: Office, shelf: Shelf) -> None:
    job = await office.create_job()
    id = JobId(UUID(job["id"]))
    phone = await synced(await shelf.phone("Ромашка-Иван", DeviceId(uuid7())))
    await office.desk.patch(f"/v1/jobs/{id}", json={"assignees": [{"worker_id": office.olga.worker_id}]})
    phone.do(SetReport({"meter": 5}), id)
    phone.do(SetState(JobState.STARTED), id)
    await synced(phone)
    assert [one.status for one in phone.state.notices.values()] == ["late", "rejected"]
    assert (phone.unsent, list(phone.state.jobs), list(phone.state.gone)) == (0, [], [id])
    assert (await office.job(str(id)))["report"] == {"meter": 5}


async def test_another_workers_login_on_this_device_is_told_in_words(office: Office, shelf: Shelf) -> None:
    device = DeviceId(uuid7())
    await synced(await shelf.phone("Ромашка-Иван", device))
    report = await (await shelf.phone("Ромашка-Ольга", device)).sync(Trigger.OPEN)
    assert not report.ok
    assert report.why
