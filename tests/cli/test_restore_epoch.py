"""Yesterday's backup is restored under phones that went on: they converge, and lose nothing they hold."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from naryad.db.embedded import Server
from naryad.db.embedded.cluster import SUPERUSER
from naryad.device.operations import AddComment, SetReport, SetState, Work
from naryad.device.phone import Phone
from naryad.device.session import Credentials, Profile
from naryad.device.store import Store
from naryad.device.transport import Transport
from naryad.domain.ids import DeviceId, JobId
from naryad.domain.restored import JUMP
from naryad.domain.states import JobState
from naryad.domain.sync_policy import Trigger
from naryad.uuid7 import uuid7
from support.account import PASSWORD, Office, found_office
from support.backup import dump, restore
from support.command import naryad
from support.server import client, running_api


class House:
    """A server that can be set back to a backup, and the phones that live through it."""

    def __init__(self, postgres: Server, cloned: str, database_url: str, folder: Path) -> None:
        self.database_url, self.folder = database_url, folder
        self.superuser_url = postgres.dsn(SUPERUSER, cloned)
        self.maintenance_url = postgres.dsn(SUPERUSER, "postgres")
        self.desk_token = ""
        self.devices: dict[str, DeviceId] = {}

    async def back_up(self) -> Path:
        return await dump(self.superuser_url, self.folder / "backup")

    async def set_back(self, backup: Path) -> dict[str, Any]:
        await restore(backup, self.superuser_url, self.maintenance_url)
        result = await asyncio.to_thread(
            naryad, "restore-epoch", "--json", NARYAD_DATABASE_URL=self.database_url
        )
        assert result.returncode == 0, result.stderr
        told: dict[str, Any] = json.loads(result.stdout)["accounts"][0]
        return told

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Day"]:
        """The server runs, and every phone is on: what it held before is in its store."""
        async with running_api(self.database_url) as api, AsyncExitStack() as stack:
            if self.desk_token:
                desk = await stack.enter_async_context(client(api.url, self.desk_token))
            else:
                office = await stack.enter_async_context(found_office(api, "Ромашка"))
                self.desk_token = office.desk.headers["authorization"].removeprefix("Bearer ")
                self.office, desk = office, office.desk
            yield Day(self, api.url, desk, stack)


class Day:
    def __init__(self, house: House, url: str, desk: httpx.AsyncClient, stack: AsyncExitStack) -> None:
        self.house, self.url, self.desk, self.stack = house, url, desk, stack

    @property
    def office(self) -> Office:
        office = self.house.office
        office.desk = self.desk
        return office

    async def phone(self, login: str) -> Phone:
        device = self.house.devices.setdefault(login, DeviceId(uuid7()))
        store = Store(self.house.folder / f"{login}.sqlite", device)
        self.stack.callback(store.close)
        transport = await self.stack.enter_async_context(Transport(self.url))
        return Phone(store, transport, Profile("Телефон"), credentials=Credentials(login, PASSWORD))

    async def edit(self, job: dict[str, Any], **fields: Any) -> None:
        answer = await self.desk.patch(f"/v1/jobs/{job['id']}", json=fields)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def house(postgres: Server, cloned: str, database_url: str, tmp_path: Path) -> House:
    return House(postgres, cloned, database_url, tmp_path)


async def sync(phone: Phone, *works: tuple[Work, dict[str, Any]]) -> None:
    """Sync; then do this work, and sync again."""
    for _ in range(2 if works else 1):
        report = await phone.sync(Trigger.MANUAL)
        assert report.ok, report.why
        assert phone.unsent == 0
        for work, job in works:
            phone.do(work, JobId(UUID(job["id"])))
        works = ()


def held(phone: Phone) -> dict[str, dict[str, Any]]:
    return {str(id): job.as_json() for id, job in phone.state.jobs.items()}


IVAN, OLGA = "Ромашка-Иван", "Ромашка-Ольга"


async def test_phones_ahead_of_a_restored_server_converge_and_keep_their_work(house: House) -> None:
    async with house.open() as day:
        same, edited, passed = [await day.office.create_job() for _ in range(3)]
        await sync(await day.phone(IVAN), (SetState(JobState.STARTED), same))
        before = await day.office.job(same["id"])
    backup = await house.back_up()

    async with house.open() as day:  # a future that will be lost
        ivan, olga = await day.phone(IVAN), await day.phone(OLGA)
        born_late = await day.office.create_job()
        await day.edit(edited, description="Из потерянного дня")
        await sync(ivan, (SetReport({"meter": 1}), edited), (SetState(JobState.SUSPENDED), same))
        await day.edit(passed, assignees=[{"worker_id": day.office.olga.worker_id}])
        await sync(ivan)
        await sync(olga)
        assert set(held(olga)) == {passed["id"]}
        # made in the lost future, and not yet sent when it ends
        ivan.do(SetReport({"note": "не потеряно"}), JobId(UUID(edited["id"])))
        ivan.do(AddComment(uuid7(), "и это"), JobId(UUID(born_late["id"])))

    told = await house.set_back(backup)
    assert told["version"] == told["ended_at"] + JUMP

    async with house.open() as day:
        ivan, olga = await day.phone(IVAN), await day.phone(OLGA)
        assert ivan.unsent == 2
        await sync(ivan)
        await sync(olga)
        job = await day.office.job(edited["id"])
        assert held(olga) == {}
        assert held(ivan) == {one["id"]: await day.office.job(one["id"]) for one in (same, edited, passed)}
        assert job["report"] == {"note": "не потеряно"}
        assert job["description"] == "Заменить счётчик"
        assert await day.office.job(same["id"]) == before
        (notice,) = ivan.state.notices.values()
        assert notice.status == "rejected"
        assert isinstance(notice.operation.work, AddComment)
        assert notice.operation.work.text == "и это"


async def test_a_backup_restored_twice_gives_its_numbers_twice_and_no_phone_is_deceived(
    house: House,
) -> None:
    async with house.open() as day:
        job = await day.office.create_job()
        await sync(await day.phone(IVAN))
    backup = await house.back_up()

    await house.set_back(backup)
    async with house.open() as day:
        ivan = await day.phone(IVAN)
        await sync(ivan)
        await day.edit(job, description="Первая жизнь")
        await sync(ivan)
        numbers = ivan.state.jobs[JobId(UUID(job["id"]))].version

    await house.set_back(backup)
    async with house.open() as day:
        await day.edit(job, description="Вторая жизнь")
        assert (await day.office.job(job["id"]))["version"] == numbers  # the same number, another content
        ivan = await day.phone(IVAN)
        await sync(ivan, (SetReport({"meter": 2}), job))
        assert held(ivan) == {job["id"]: await day.office.job(job["id"])}


async def test_once_a_phone_has_synced_in_the_new_epoch_its_numbers_are_believed_again(house: House) -> None:
    async with house.open() as day:
        job = await day.office.create_job()
        await sync(await day.phone(IVAN))
    await house.set_back(await house.back_up())
    async with house.open() as day:
        ivan = await day.phone(IVAN)
        await sync(ivan)
        await day.edit(job, description="Новое")
        await sync(ivan)
        await sync(ivan)
    async with house.open() as day:  # what phones proved is stored when a server ends
        ivan = await day.phone(IVAN)
        have = {str(id): job.version for id, job in ivan.state.jobs.items()}
        assert have == {job["id"]: (await day.office.job(job["id"]))["version"]}
        async with client(day.url, ivan.session.token) as http:
            answer = (await http.post("/v1/sync", json={"have": have})).json()
        assert answer.get("jobs", []) == []


def test_an_unknown_account_is_refused_in_words(database_url: str) -> None:
    missing = str(uuid7())
    result = naryad("restore-epoch", "--account", missing, NARYAD_DATABASE_URL=database_url)
    assert result.returncode == 1
    assert missing in result.stderr
