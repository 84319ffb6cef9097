"""A company under proof: two desks, three reference devices, neighbours; what happens, what must hold."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import asyncpg
import httpx

from naryad.actions.restore import begin_epoch
from naryad.actions.sweep import sweep_account
from naryad.db import accounts
from naryad.domain.ids import OperationId
from support.account import PASSWORD, Office, found_office, sign_in
from support.account_backup import AccountBackup, back_up, restore
from support.air import Air
from support.deaths import Deaths
from support.desk_work import Ask, Board, DeskWork
from support.oracle import broken_history, held_by, receipts, shared_by_all
from support.oracle_operations import not_exactly_once
from support.pocket import Pocket
from support.server import Api, client
from support.verdict import expect, expect_none

CREWS = ((), ("ivan",), ("olga",), ("ivan", "olga"), ("olga", "ivan"))
"""Of several, the first edits."""

ANSWERS = frozenset({200, 201, 204, 404, 409, 412, 422, 503})
"""What a desk may be told. 503 only says that nothing was done."""


@dataclass
class Company:
    office: Office
    truth: asyncpg.Pool
    deaths: Deaths
    desks: list[httpx.AsyncClient]
    pockets: list[Pocket]
    board: Board
    others: set[OperationId] = field(default_factory=set)
    """Operations of phones that are in none of these pockets."""
    _backup: AccountBackup | None = None

    async def at_desk(self, desk: int, work: DeskWork) -> None:
        """A dispatcher does something; it may be refused, never half done."""
        ask = self.board.ask(work)
        if ask is not None:
            await self._send(self.desks[desk], ask)

    async def at_once(self, first: DeskWork, second: DeskWork, pocket: Pocket) -> None:
        """Two dispatchers write at once: the first is all but committed while the second writes,
        and a phone that has nothing to send syncs in between."""
        with _held_at_commit() as (reached, release):
            writes = [asyncio.create_task(self.at_desk(0, first))]
            while not (writes[0].done() or reached.is_set()):
                await asyncio.sleep(0.001)
            if writes[0].done():  # refused, or it changed nothing
                release.set()
            writes.append(asyncio.create_task(self.at_desk(1, second)))
            while not (writes[1].done() or await self._someone_waits()):
                await asyncio.sleep(0.001)
            if not pocket.state.outbox:
                await pocket.sync()
            release.set()
            await asyncio.gather(*writes)

    async def sweep(self, days: int) -> None:
        """The sweep as it runs so many days from now."""
        await sweep_account(self.office.api.stores, self.office.account_id, _in(days))

    async def lose_cursors(self) -> None:
        """A new epoch begins, as after a restore from backup: every cursor expires."""
        await begin_epoch(self.office.api.stores, self.office.account_id)

    async def back_up(self) -> None:
        self._backup = await back_up(self.truth, self.office.account_id)

    async def restore(self) -> None:
        """The server comes back from its backup. What phones were told is safe, and the backup does not
        hold, is lost to both sides."""
        if self._backup is None:
            return
        await restore(self.truth, self._backup)
        await self.lose_cursors()
        received = await self.received()
        for one in self.pockets:
            one.forgive(received)

    async def end_sessions(self, pocket: Pocket) -> None:
        await self.truth.execute("delete from session where device_id = any ($1)", pocket.devices)

    async def rename_template(self, name: str) -> None:
        template = self.board.template
        body = {name_: template[name_] for name_ in ("fields", "resolutions")} | {"name": name}
        answer = await self.desks[0].put(f"/v1/templates/{template['id']}", json=body)
        expect(answer.status_code in ANSWERS, f"a template: {answer.status_code} {answer.text}")

    async def received(self) -> set[OperationId]:
        """Every operation that the server has acknowledged."""
        return {OperationId(UUID(id)) for id in await receipts(self.truth, self.office.account_id)}

    async def look(self, worker_id: str) -> dict[str, Any]:
        """What a phone of this worker must hold now."""
        account_id = self.office.account_id
        return {
            "jobs": await held_by(self.truth, account_id, worker_id),
            "shared": await shared_by_all(self.truth, account_id),
        }

    async def check(self) -> None:
        """What holds at every moment, whatever is going on. Raises Broken."""
        received = await self.received()
        for one in self.pockets:
            lost = one.made - one.forgiven - one.unacknowledged - received
            expect(not lost, f"{one.login}: work is neither on the phone nor acknowledged: {lost}")
            expect(one.phone.unsent == len(one.state.outbox), f"{one.login}: Unsent is not the outbox")
        made = {id for one in self.pockets for id in one.made}
        expect(received <= made | self.others, "the server acknowledged operations that nobody made")

    async def settle(self) -> None:
        """All faults end. Raises Broken unless everything comes to rest as promised."""
        for one in self.pockets:
            while one.air.delayed:
                await one.air.deliver_delayed()
        await asyncio.gather(*(one.two_periods() for one in self.pockets))
        for one in self.pockets:
            expect(not one.state.outbox, f"{one.login}: unsent after two periods without faults")
        received = await self.received()
        for one in self.pockets:
            expect(await one.sync(), f"{one.login}: cannot sync at rest: {one.phone.last}")
            truth = await self.look(one.worker_id)
            expect(one.holds() == truth, f"{one.login}: the phone is not what the database says")
            lost = one.made - one.forgiven - received
            expect(not lost, f"{one.login}: acknowledged work is lost: {lost}")
            await self._check_notices(one)
        await self.check()
        await self.check_history()

    async def check_history(self) -> None:
        account_id = self.office.account_id
        expect_none(await broken_history(self.truth, account_id))
        expect_none(await not_exactly_once(self.truth, account_id))

    async def _check_notices(self, pocket: Pocket) -> None:
        """The worker is told what was refused, late, not taken or put over another's value; nothing else."""
        if not pocket.whole:
            return
        due = {
            OperationId(UUID(id))
            for id, one in (await receipts(self.truth, self.office.account_id)).items()
            if one["device_id"] in pocket.devices
            and (
                one["result"]["status"] in ("rejected", "late") or one["result"].keys() & {"lost", "overrode"}
            )
        }
        expect(pocket.state.notices.keys() == due, f"{pocket.login}: the notices are not what was refused")

    async def _send(self, desk: httpx.AsyncClient, ask: Ask) -> None:
        answer = await desk.request(ask.method, ask.path, json=ask.body)
        expect(answer.status_code in ANSWERS, f"{ask}: {answer.status_code} {answer.text}")
        if answer.is_success:
            self.board.done(ask, answer)

    async def _someone_waits(self) -> bool:
        """Whether a connection waits for the account's lock."""
        waiting = await self.truth.fetchval(
            """select exists (select from pg_stat_activity
                              where datname = current_database() and wait_event_type = 'Lock')"""
        )
        return waiting is True


@asynccontextmanager
async def found_company(
    api: Api, truth: asyncpg.Pool, name: str, folder: Path, phones: tuple[str, ...]
) -> AsyncIterator[Company]:
    """A new account with its phones signed in, nothing published yet."""
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(found_office(api, name))
        deaths = Deaths(truth)
        workers = {"ivan": office.ivan, "olga": office.olga}
        crews = [[{"worker_id": workers[who].worker_id} for who in crew] for crew in CREWS]
        company = Company(office, truth, deaths, [office.desk], [], Board(crews, office.template))
        login = f"{name}-second"
        body = {"login": login, "name": "Вторая", "role": "dispatcher", "password": PASSWORD}
        expect((await office.desk.post("/v1/users", json=body)).status_code == 201, "no second desk")
        token = (await sign_in(api, login)).json()["token"]
        company.desks.append(await stack.enter_async_context(client(api.url, token)))
        server = httpx.ASGITransport(api.app, raise_app_exceptions=False)
        for n, who in enumerate(phones):
            worker = workers[who]
            air = Air(server, deaths, partial(company.look, worker.worker_id))
            pocket = Pocket(worker.login, worker.worker_id, folder / str(n), air)
            company.pockets.append(pocket)
            stack.callback(pocket.switch_off)
            expect(await pocket.sync(), f"{pocket.login}: the first sync failed: {pocket.phone.last}")
        yield company


@contextmanager
def _held_at_commit() -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
    """The first writing transaction stops before its commit: (it is there, let it go)."""
    reached, release = asyncio.Event(), asyncio.Event()
    write_head = accounts.set_head

    async def stopping(*values: Any) -> None:
        await write_head(*values)
        if not reached.is_set():
            reached.set()
            await release.wait()

    with patch.object(accounts, "set_head", stopping):
        try:
            yield reached, release
        finally:
            release.set()


def _in(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)
