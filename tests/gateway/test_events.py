"""Live events: every change once, in order, for those it concerns."""

import asyncio
import random

import httpx
import pytest

from support.account import Office, found_office
from support.live import Live
from support.sse import Reader, listening
from support.tus import picture, send


def versions(reader: Reader) -> list[int]:
    return [one.version for one in reader.changes]


async def position(office: Office) -> str:
    answer = await office.desk.get("/v1/jobs")
    at: str = answer.json()["position"]
    return at


async def test_the_first_frame_says_where_the_stream_is(office: Office, desk: httpx.AsyncClient) -> None:
    at = await position(office)
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        assert reader.response.headers["content-type"].startswith("text/event-stream")
        assert (reader.heard[0].event, reader.heard[0].id, reader.heard[0].data) == ("hb", at, {})


async def test_a_change_is_told_with_its_summary(office: Office, desk: httpx.AsyncClient) -> None:
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        job = await office.create_job()
        await reader.until(lambda one: one.changes)
        (told,) = reader.changes
        assert told.data["kind"] == "created"
        assert told.data["job"]["id"] == job["id"]
        assert told.data["job"]["number"] == job["number"]
        assert told.data["job"]["state"] == "published"
        assert told.data["job"]["version"] == told.data["version"] == job["version"]
        assert told.data["actor"]["name"] == "Ромашка-admin"
        assert told.id == await position(office)


async def test_a_change_tells_how_much_of_its_photos_is_still_on_the_phone(
    office: Office, desk: httpx.AsyncClient
) -> None:
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        job, shots = await office.create_job(), [picture(3000), picture(200)]
        await office.ivan.sync()
        held = office.ivan.jobs[job["id"]]
        for shot in shots:
            await office.ivan.sync(office.ivan.operation(held, "add_photo", photo=shot.photo()))
        await reader.until(lambda one: len(one.changes) == 3)
        assert (await send(office.ivan, job, shots[0])).status_code == 204
        assert (await send(office.ivan, job, shots[1])).status_code == 204
        await reader.until(lambda one: len(one.changes) == 5)
        told = [one.data["job"].get("photos_expected") for one in reader.changes]
        assert told == [
            None,
            {"count": 1, "size": 3000},
            {"count": 2, "size": 3200},
            {"count": 1, "size": 200},
            None,
        ]


async def test_from_the_position_of_a_list_nothing_is_missed(office: Office, desk: httpx.AsyncClient) -> None:
    at = await position(office)
    first = await office.create_job()
    async with listening(desk, params={"after": at}) as reader:
        await reader.until(lambda one: len(one.changes) == 1)
        second = await office.create_job()
        await reader.until(lambda one: len(one.changes) == 2)
        assert [one.data["job"]["id"] for one in reader.changes] == [first["id"], second["id"]]
        assert reader.heard[0].id == at


async def test_last_event_id_counts_before_after(office: Office, desk: httpx.AsyncClient) -> None:
    at = await position(office)
    await office.create_job()
    now = await position(office)
    async with listening(desk, params={"after": at}, headers={"last-event-id": now}) as reader:
        await reader.until(lambda one: one.heard)
        last = await office.create_job()
        await reader.until(lambda one: one.changes)
        assert versions(reader) == [last["version"]]


async def test_every_version_once_while_eight_write_and_readers_come_and_go(
    office: Office, desk: httpx.AsyncClient
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    jobs = [await office.create_job() for _ in range(4)]
    at = await position(office)
    begin = int(at.rpartition(".")[2])
    done = begin + 8 * 12
    writing = True

    async def write(hand: random.Random) -> None:
        for n in range(12):
            body = {"description": f"{hand.random()} {n}"}
            answer = await office.desk.patch(f"/v1/jobs/{hand.choice(jobs)['id']}", json=body)
            assert answer.status_code == 200

    async def follow(patience: int) -> list[int]:
        told: list[int] = []
        last = at
        while True:
            async with listening(desk, headers={"last-event-id": last}) as reader:
                enough = patience if writing else 10**9
                await reader.until(
                    lambda one, enough=enough: len(one.changes) >= enough or done in versions(one)
                )
                told += versions(reader)
                assert not reader.named("resync")
                last = reader.last_id or last
                if told[-1] == done:
                    return told

    followers = [asyncio.create_task(follow(patience)) for patience in (1, 3, 7, 10**9)]
    await asyncio.gather(*(write(random.Random(chance.random())) for _ in range(8)))
    writing = False
    for told in await asyncio.gather(*followers):
        assert told == list(range(begin + 1, done + 1))


async def test_a_worker_is_told_of_own_jobs_and_of_losing_one(office: Office, live: Live) -> None:
    async with live.reader_of(office.ivan.http) as http, listening(http) as reader:
        await reader.until(lambda one: one.heard)
        await office.create_job(assignees=[{"worker_id": office.olga.worker_id}])
        mine = await office.create_job()
        await office.desk.patch(f"/v1/jobs/{mine['id']}", json={"assignees": []})
        await reader.until(lambda one: len(one.changes) == 2)
        came, went = (one.data for one in reader.changes)
        assert came["job"] == {"id": mine["id"], "version": mine["version"]}
        assert "gone" not in came
        assert "actor" not in came
        assert went["gone"] is True


async def test_workers_of_two_companies_hear_of_their_own_jobs_only(office: Office, live: Live) -> None:
    """The same job passes from one worker to the other; in the next company nothing is heard of it."""
    async with (
        found_office(office.api, "Лютик") as other,
        live.reader_of(office.ivan.http) as ivan_http,
        live.reader_of(office.olga.http) as olga_http,
        live.reader_of(other.ivan.http) as stranger_http,
        listening(ivan_http) as ivan,
        listening(olga_http) as olga,
        listening(stranger_http) as stranger,
    ):
        for one in (ivan, olga, stranger):
            await one.until(lambda one: one.heard)
        job = await office.create_job()
        to_olga = {"assignees": [{"worker_id": office.olga.worker_id}]}
        assert (await office.desk.patch(f"/v1/jobs/{job['id']}", json=to_olga)).status_code == 200
        theirs = await other.create_job()
        await ivan.until(lambda one: len(one.changes) == 2)
        await olga.until(lambda one: one.changes)
        await stranger.until(lambda one: one.changes)
        assert [one.data.get("gone") for one in ivan.changes] == [None, True]
        assert [one.data["job"]["id"] for one in olga.changes] == [job["id"]]
        assert "gone" not in olga.changes[0].data
        assert [one.data["job"]["id"] for one in stranger.changes] == [theirs["id"]]


async def test_a_template_change_is_told_without_a_job(office: Office, desk: httpx.AsyncClient) -> None:
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        await office.desk.post("/v1/templates", json={"name": "Осмотр"})
        await reader.until(lambda one: one.changes)
        assert reader.changes[0].data["kind"] == "template"
        assert "job" not in reader.changes[0].data


@pytest.mark.parametrize("shift", [None, 10**6])
async def test_a_position_of_another_history_is_announced(
    office: Office, desk: httpx.AsyncClient, shift: int | None
) -> None:
    epoch, _, version = (await position(office)).partition(".")
    wrong = f"ffffffff.{version}" if shift is None else f"{epoch}.{int(version) + shift}"
    async with listening(desk, params={"after": wrong}) as reader:
        await reader.until(lambda one: one.named("resync"))
        (gap,) = reader.named("resync")
        assert gap.data == {"position": await position(office), "reason": "epoch"}
        assert gap.id == gap.data["position"]
        job = await office.create_job()
        await reader.until(lambda one: one.changes)
        assert versions(reader) == [job["version"]]
