"""A reader that comes back: everything it missed once, or the gap announced."""

import asyncio
from contextlib import AsyncExitStack

import asyncpg
import httpx
import pytest

from naryad.domain.change import ChangeKind
from naryad_gateway.metrics import READS
from support.account import Office, found_office
from support.changes import change_often
from support.live import Live
from support.sse import Reader, listening


async def position(office: Office) -> str:
    answer = await office.desk.get("/v1/jobs")
    at: str = answer.json()["position"]
    return at


def versions(reader: Reader) -> list[int]:
    return [one.version for one in reader.changes]


async def test_fewer_than_a_thousand_versions_are_always_replayed(
    office: Office, desk: httpx.AsyncClient
) -> None:
    job = await office.create_job()
    at = await position(office)
    last = await change_often(office, job["id"], 999)
    async with listening(desk, params={"after": at}) as reader:
        await reader.until(lambda one: len(one.changes) == 999)
        assert versions(reader) == list(range(job["version"] + 1, last + 1))
        assert not reader.named("resync")


async def test_further_back_the_gap_is_announced(office: Office, desk: httpx.AsyncClient) -> None:
    at = await position(office)
    job = await office.create_job()
    last = await change_often(office, job["id"], 1_500)
    async with listening(desk, headers={"last-event-id": at}) as reader:
        await reader.until(lambda one: one.named("resync"))
        assert [one.event for one in reader.heard] == ["hb", "resync"]
        assert reader.heard[0].id == at  # the gap is not told yet, so neither is what lies behind it
        assert reader.heard[1].data == {"position": await position(office), "reason": "expired"}
        assert (await office.create_job())["version"] == last + 1
        await reader.until(lambda one: one.changes)
        assert versions(reader) == [last + 1]


async def test_a_crowd_that_comes_back_costs_one_read(office: Office, live: Live) -> None:
    job = await office.create_job()
    epoch = (await position(office)).partition(".")[0]
    last = await change_often(office, job["id"], 200)
    before = READS.labels("replay")._value.get()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(live.reader_of(office.desk))
        held = [last - 30 - n for n in range(20)]  # each a little further back than the one before
        readers = await asyncio.gather(
            *(stack.enter_async_context(listening(http, params={"after": f"{epoch}.{one}"})) for one in held)
        )
        for one, reader in zip(held, readers, strict=True):
            await reader.until(lambda told: told.changes and told.changes[-1].version == last)
            assert versions(reader) == list(range(one + 1, last + 1))
    assert READS.labels("replay")._value.get() - before == 1


async def test_a_worker_is_replayed_only_its_own(office: Office, live: Live) -> None:
    at = await position(office)
    hers = await office.create_job(assignees=[{"worker_id": office.olga.worker_id}])
    his = await office.create_job()
    await change_often(office, hers["id"], 10)
    async with live.reader_of(office.ivan.http) as http, listening(http, params={"after": at}) as reader:
        await reader.until(lambda one: one.changes)
        await change_often(office, hers["id"], 10)
        last = await change_often(office, his["id"], 1)
        await reader.until(lambda one: versions(one)[-1:] == [last])
        assert [one.data["job"]["id"] for one in reader.changes] == [his["id"]] * 2


async def test_a_new_epoch_is_announced_to_open_streams(
    office: Office, desk: httpx.AsyncClient, truth: asyncpg.Connection
) -> None:
    """As `restore-epoch` leaves it: another epoch, the version raised, one row that says so."""
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        await begin_epoch(truth, office, "0badcafe")
        await reader.until(lambda one: one.named("resync"))
        (gap,) = reader.named("resync")
        assert gap.data == {"position": await position(office), "reason": "epoch"}
        job = await office.create_job()
        await reader.until(lambda one: one.changes)
        assert reader.changes[0].id == f"0badcafe.{job['version']}"


async def test_a_history_that_went_back_is_announced(
    office: Office, desk: httpx.AsyncClient, truth: asyncpg.Connection
) -> None:
    """A backup was restored, and `restore-epoch` forgotten: a number used twice is not taken for known."""
    async with listening(desk) as reader:
        await office.create_job()
        job = await office.create_job()
        await reader.until(lambda one: versions(one)[-1:] == [job["version"]])
        await truth.execute("delete from change where version >= $1", job["version"])
        await truth.execute("update account_head set version = version - 1")
        await reader.until(lambda one: one.named("resync"))
        assert reader.named("resync")[0].data["reason"] == "epoch"
        again = await office.desk.patch(f"/v1/jobs/{job['id']}", json={"description": "Ещё раз"})
        assert again.json()["version"] == job["version"]
        await reader.until(lambda one: versions(one)[-2:] == [job["version"]] * 2)


async def test_trouble_with_one_history_is_not_everyones(
    office: Office, live: Live, desk: httpx.AsyncClient, truth: asyncpg.Connection
) -> None:
    async with (
        found_office(office.api, "Лютик") as other,
        live.reader_of(other.desk) as http,
        listening(desk) as blind,
        listening(http) as reader,
    ):
        await reader.until(lambda one: one.heard)
        await blind.until(lambda one: one.heard)
        await office.create_job()
        await blind.until(lambda one: one.changes)
        await truth.execute(
            """insert into change (account_id, version, kind, fields, actor, happened_at, recorded_at)
               select account_id, version + 1, 'of a newer version', '{}', '{}', now(), now()
               from account_head where account_id = $1""",
            office.account_id,
        )
        await truth.execute(
            "update account_head set version = version + 1 where account_id = $1", office.account_id
        )
        job = await other.create_job()
        await reader.until(lambda one: one.changes)
        assert versions(reader) == [job["version"]]
        assert len(blind.changes) == 1
        assert (await desk.get("/healthz")).status_code == 200


async def test_another_accounts_changes_are_never_told(
    office: Office, live: Live, desk: httpx.AsyncClient
) -> None:
    async with (
        found_office(office.api, "Лютик") as other,
        live.reader_of(other.desk) as http,
        listening(desk) as ours,
        listening(http) as theirs,
    ):
        await ours.until(lambda one: one.heard)
        await theirs.until(lambda one: one.heard)
        his = await other.create_job()
        mine = await office.create_job()
        await ours.until(lambda one: one.changes)
        await theirs.until(lambda one: one.changes)
        assert [one.data["job"]["id"] for one in ours.changes] == [mine["id"]]
        assert [one.data["job"]["id"] for one in theirs.changes] == [his["id"]]


async def begin_epoch(truth: asyncpg.Connection, office: Office, epoch: str) -> None:
    async with truth.transaction():
        await truth.execute("update account set epoch = $2 where id = $1", office.account_id, epoch)
        await truth.execute(
            "update account_head set version = version + 1000000000 where account_id = $1", office.account_id
        )
        await truth.execute(
            """insert into change (account_id, version, kind, fields, actor, happened_at, recorded_at)
               select account_id, version, $2, '{}', '{"kind": "system", "id": null, "name": "Naryad"}',
                      now(), now()
               from account_head where account_id = $1""",
            office.account_id,
            ChangeKind.EPOCH,
        )


@pytest.mark.parametrize("after", ["yesterday", "0badcafe", "0badcafe.", ".5", "0badcafe.-1", "a.b.3"])
async def test_a_malformed_position_is_refused(desk: httpx.AsyncClient, after: str) -> None:
    answer = await desk.get("/v1/events", params={"after": after})
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:naryad:problem:invalid-cursor"
    assert len(answer.headers["x-request-id"]) == 16
