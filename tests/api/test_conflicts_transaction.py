"""A conflict card exists exactly when its operation was acknowledged: in the same transaction, once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from naryad.db import conflicts
from naryad.db.pool import Connection
from naryad.domain.conflict import Conflict
from naryad.domain.ids import AccountId
from support.account import Office
from support.process import running
from support.server import client

LOCK = 7_041_776
REFUSE_AT_COMMIT = """
create function refuse() returns trigger language plpgsql as $$
  begin raise exception 'refused at commit'; end $$;
create constraint trigger refuse_at_commit after insert on operation
  deferrable initially deferred for each row execute function refuse()"""
WAIT = f"""
create function wait_for_us() returns trigger language plpgsql as $$
  begin perform pg_advisory_xact_lock_shared({LOCK}); return new; end $$;"""
WAIT_AFTER_WRITING = (
    f"{WAIT} create trigger wait after insert on conflict for each row execute function wait_for_us()"
)
WAIT_AT_COMMIT = f"""{WAIT} create constraint trigger wait after insert on conflict
  deferrable initially deferred for each row execute function wait_for_us()"""


async def disagreements(office: Office) -> list[dict[str, Any]]:
    """Not sent yet: what will replace the desk's value, what will be refused, and what nobody minds."""
    job = await office.create_job()
    await office.ivan.sync()
    held = dict(office.ivan.jobs[job["id"]])
    await office.desk.patch(f"/v1/jobs/{job['id']}", json={"report": {"meter": 1}})
    return [
        office.ivan.operation(held, "set_report", fields={"meter": 2}),
        office.ivan.operation(held, "set_state", state="finished"),
        office.ivan.operation(held, "set_report", fields={"note": "без спора"}),
    ]


async def unmatched(truth: asyncpg.Connection) -> list[str]:
    """Receipts that ask for a card and have none, and cards that no receipt asks for."""
    rows = await truth.fetch(
        """with asked as (
             select device_id, id from operation
             where result->>'status' in ('rejected', 'late') or result ? 'lost' or result ? 'overrode'
           )
           select coalesce(a.id, c.operation_id)::text as id
           from asked a full join conflict c on c.device_id = a.device_id and c.operation_id = a.id
           where a.id is null or c.operation_id is null"""
    )
    return [row["id"] for row in rows]


async def counted(truth: asyncpg.Connection) -> tuple[int, int]:
    receipts, cards = await truth.fetchrow(
        "select (select count(*) from operation), (select count(*) from conflict)"
    )
    return receipts, cards


async def test_a_commit_that_fails_leaves_no_card(office: Office, truth: asyncpg.Connection) -> None:
    work = await disagreements(office)
    await truth.execute(REFUSE_AT_COMMIT)
    assert (await office.ivan.post(*work)).status_code == 500
    assert await counted(truth) == (0, 0)
    await truth.execute("drop trigger refuse_at_commit on operation")
    await office.ivan.sync(*work)
    assert await counted(truth) == (3, 2)
    assert await unmatched(truth) == []


async def test_a_card_that_cannot_be_written_acknowledges_nothing(
    office: Office, truth: asyncpg.Connection
) -> None:
    work = await disagreements(office)
    await truth.execute("alter table conflict add constraint none check (false) not valid")
    assert (await office.ivan.post(*work)).status_code == 500
    assert await counted(truth) == (0, 0)
    assert (await office.ivan.http.get("/v1/me")).json()["device"]["last_seq"] == 0
    await truth.execute("alter table conflict drop constraint none")
    await office.ivan.sync(*work)
    assert await unmatched(truth) == []


@pytest.mark.parametrize(
    ("trigger", "kept"),
    [(WAIT_AFTER_WRITING, False), (WAIT_AT_COMMIT, True)],
    ids=["before the commit", "between the commit and the answer"],
)
async def test_a_killed_server_leaves_both_or_neither(
    office: Office, truth: asyncpg.Connection, database_url: str, trigger: str, kept: bool
) -> None:
    work = await disagreements(office)
    token = office.ivan.http.headers["authorization"].removeprefix("Bearer ")
    await truth.execute(trigger)
    async with running("naryad_api", database_url) as service, client(service.url, token) as http:
        async with held_up(truth) as until_held_up:
            body = {"cursor": office.ivan.cursor, "operations": work}
            sending = asyncio.create_task(http.post("/v1/sync", json=body))
            await until_held_up()
            service.process.kill()
            await service.ended()
            with pytest.raises(httpx.TransportError):
                await sending
        await until_quiet(truth)
    assert await counted(truth) == ((3, 2) if kept else (0, 0))
    assert await unmatched(truth) == []
    answer = await office.ivan.sync(*work)
    assert {one["status"] == "duplicate" for one in answer["results"]} == {kept}
    assert await counted(truth) == (3, 2)
    assert await unmatched(truth) == []


@pytest.mark.parametrize("broken", ["apart", "not at all"])
async def test_the_check_would_notice(
    office: Office, truth: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """Negative control: cards written in a transaction of their own, and cards not written."""
    add = conflicts.add

    async def wrongly(_: Connection, account_id: AccountId, cards: Sequence[Conflict]) -> None:
        if broken == "apart":
            async with office.api.stores.database.account(account_id) as other:
                await add(other, account_id, cards)

    monkeypatch.setattr(conflicts, "add", wrongly)
    work = await disagreements(office)
    await truth.execute(REFUSE_AT_COMMIT)
    assert (await office.ivan.post(*work)).status_code == 500
    await truth.execute("drop trigger refuse_at_commit on operation")
    if broken == "not at all":
        await office.ivan.sync(*work)
    assert len(await unmatched(truth)) == 2


@asynccontextmanager
async def held_up(truth: asyncpg.Connection) -> AsyncIterator[Any]:
    """Whoever runs into the trigger waits for the end of the block."""

    async def until_somebody_waits() -> None:
        async with asyncio.timeout(20):
            while not await truth.fetchval(
                "select exists (select from pg_locks where locktype = 'advisory' and not granted)"
            ):
                await asyncio.sleep(0.01)

    await truth.execute(f"select pg_advisory_lock({LOCK})")
    try:
        yield until_somebody_waits
    finally:
        await truth.execute(f"select pg_advisory_unlock({LOCK})")


async def until_quiet(truth: asyncpg.Connection) -> None:
    """The backend that lost its client has ended what it was doing."""
    async with asyncio.timeout(20):
        while await truth.fetchval(
            """select exists (select from pg_stat_activity where datname = current_database()
               and application_name = 'naryad-api' and pid <> pg_backend_pid() and xact_start is not null)"""
        ):
            await asyncio.sleep(0.01)
