"""Readers and writers of many accounts while everything between them breaks, and what was told is judged.

Readers go straight to the gateway or over a wire that is torn in mid-frame. Writers go through the API. The
gateway listens over a wire of its own, so that a change can be made while it certainly does not listen.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from naryad.domain.ids import AccountId, UserId
from support.firms import Firm, found_firms, opened_stores
from support.follower import Ending, Follower, following, until_all
from support.message_follower import MessageFollower
from support.mortal_postgres import MortalPostgres
from support.process import Post, post
from support.proxy import Wire, wire_to
from support.server import client, free_port
from support.told import Told
from support.verdict import expect_none

WRITERS = 8
PACE_S = 0.02
MOST_WRITES = 600
"""Of one firm: whoever is less than 1,000 versions behind is never told of a gap."""
LISTENERS = "application_name = 'naryad-gateway-listen' and datname = current_database()"


@dataclass
class Reader:
    firm: Firm
    worker: UserId | None
    follower: Follower

    @property
    def told(self) -> Told:
        return self.follower.told


@dataclass
class Chaos:
    postgres: MortalPostgres
    api: Post
    gateway: Post
    wire: Wire
    listen: Wire
    firms: list[Firm]
    readers: list[Reader]
    chance: random.Random
    start_gateway: Callable[[], Awaitable[Any]]
    doorbell: bool
    written: Counter[AccountId] = field(default_factory=Counter)
    far_behind: set[AccountId] = field(default_factory=set)
    """Firms some of whose readers may be told of a gap."""

    async def everyone_listens(self) -> None:
        await until_all([one.follower for one in self.readers], lambda one: one.open)

    async def more_writes(self, count: int) -> None:
        wanted = self.written.total() + count
        async with asyncio.timeout(120):
            while self.written.total() < wanted:
                await asyncio.sleep(0.02)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Eight write while the block lasts."""
        enough = asyncio.Event()
        writers = [
            asyncio.create_task(self._write(random.Random(self.chance.random()), enough))
            for _ in range(WRITERS)
        ]
        try:
            yield
        finally:
            enough.set()
            await asyncio.gather(*writers)

    async def _write(self, chance: random.Random, enough: asyncio.Event) -> None:
        async with client(self.api.url) as http:
            while not enough.is_set():
                firm = chance.choice(self.firms)
                if self.written[firm.account_id] < MOST_WRITES:
                    await self.write(http, firm, chance)
                await asyncio.sleep(chance.uniform(0, 2 * PACE_S))

    async def write(self, http: httpx.AsyncClient, firm: Firm, chance: random.Random) -> bool:
        """One change, sometimes of the worker too; False when there was no answer or 503."""
        body: dict[str, Any] = {"description": f"{chance.random()}"}
        if chance.random() < 0.3:
            body["assignees"] = [{"worker_id": str(chance.choice(list(firm.workers)))}]
        headers = {"authorization": f"Bearer {firm.desk}"}
        with suppress(httpx.TransportError):
            answer = await http.patch(f"/v1/jobs/{chance.choice(firm.jobs)}", json=body, headers=headers)
            assert answer.status_code in (200, 503), answer.text
            if answer.status_code == 200:
                self.written[firm.account_id] += 1
                return True
        await asyncio.sleep(0.2)
        return False

    async def last_changes(self) -> None:
        """One of each firm, of which the gateway is not notified: it is rung while nobody listens, or the
        doorbell is mute."""
        if self.doorbell:
            await self._changes_while_nobody_listens()
            return
        async with client(self.api.url) as http:
            for firm in self.firms:
                while not await self.write(http, firm, self.chance):
                    pass

    async def _changes_while_nobody_listens(self) -> None:
        truth = await asyncpg.connect(self.postgres.access.superuser_dsn)
        heard: set[UUID] = set()
        await truth.add_listener("naryad", lambda *said: heard.update(map(UUID, str(said[3]).split(","))))
        self.listen.cut()
        async with client(self.api.url) as http, asyncio.timeout(120):
            while await truth.fetchval(f"select count(*) from pg_stat_activity where {LISTENERS}"):
                await asyncio.sleep(0.02)
            for firm in self.firms:
                while not await self.write(http, firm, self.chance):
                    pass
            while not heard >= {firm.account_id for firm in self.firms}:
                await asyncio.sleep(0.02)
            self.listen.mend()
            while not await truth.fetchval(f"select count(*) from pg_stat_activity where {LISTENERS}"):
                await asyncio.sleep(0.02)
        await truth.close()

    async def verdict(self, patience_s: float) -> None:
        """When all have reached the heads, or patience is at its end. Raises Broken."""
        concerning = await self._truth()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while any(_stuck(one, concerning) for one in self.readers):
                    await asyncio.sleep(0.05)
        expect_none([words for one in self.readers for words in self._words(one, concerning)])

    def _words(self, reader: Reader, concerning: "Concerning") -> list[str]:
        told, due = reader.told, concerning[reader.firm.account_id, reader.worker]
        words = list(told.broken)
        if _stuck(reader, concerning):
            words.append(f"a reader is stuck at {told.position}, the history stands at {max(due)}")
        elif missing := told.missing(due):
            words.append(f"never told, and no gap announced: {missing[:5]}")
        if surplus := told.surplus(due):
            words.append(f"told what does not concern it: {surplus[:5]}")
        if told.gaps and reader.firm.account_id not in self.far_behind:
            words.append(f"a gap that was none: {told.gaps[0]}")
        return words

    async def _truth(self) -> "Concerning":
        """For each firm and worker (None: the desk) the versions it is to be told."""
        truth = await asyncpg.connect(self.postgres.access.superuser_dsn)
        concerning: Concerning = {}
        for firm in self.firms:
            rows = await truth.fetch(
                "select version, seen_by || gone_for as workers from change where account_id = $1",
                firm.account_id,
            )
            concerning[firm.account_id, None] = {row["version"] for row in rows}
            for worker in firm.workers:
                concerning[firm.account_id, worker] = {
                    row["version"] for row in rows if worker in row["workers"]
                }
        await truth.close()
        return concerning

    def report(self) -> str:
        endings: Counter[Ending] = sum((one.follower.endings for one in self.readers), Counter())
        said = ", ".join(f"{how.value} {count}" for how, count in endings.most_common())
        told = sum(len(one.told.versions) for one in self.readers)
        gaps = sum(len(one.told.gaps) for one in self.readers)
        return f"{self.written.total()} writes, {told} deliveries, {gaps} resyncs; connections: {said}"


Concerning = dict[tuple[AccountId, UserId | None], set[int]]


def _stuck(reader: Reader, concerning: Concerning) -> bool:
    due = concerning[reader.firm.account_id, reader.worker]
    return not reader.told.reached(max(due, default=0))


@asynccontextmanager
async def chaos(
    postgres: MortalPostgres,
    seed: int,
    *,
    firms: int,
    streams: int,
    api: str = "naryad_api",
    gateway: str = "naryad_gateway",
    **environment: str,
) -> AsyncIterator[Chaos]:
    """Everything runs and everyone listens; of ten readers three are workers, two come over a WebSocket."""
    chance, dsn = random.Random(seed), postgres.access.service_dsn
    async with AsyncExitStack() as stack:
        async with opened_stores(dsn) as stores:
            founded = await found_firms(stores, firms)
        listen = await stack.enter_async_context(wire_to(dsn))
        posts = [await stack.enter_async_context(post(dsn, free_port())) for _ in range(2)]
        wire = await stack.enter_async_context(wire_to(posts[1].url))
        listen_url = dsn.replace(f":{postgres.access.port}/", f":{listen.port}/")

        async def start_gateway() -> None:
            await posts[1].take(
                gateway, NARYAD_LISTEN_DATABASE_URL=listen_url, NARYAD_LOG_LEVEL="error", **environment
            )

        await posts[0].take(api, NARYAD_LOG_LEVEL="error", **environment)
        await start_gateway()
        readers = []
        for n in range(streams):
            firm = founded[n % firms]
            worker = chance.choice(list(firm.workers)) if (n // firms) % 10 >= 7 else None
            kind = MessageFollower if (n // firms) % 5 == 2 else Follower
            follower = kind(
                chance.choice([posts[1].url, wire.url]),
                firm.workers[worker] if worker else firm.desk,
                Told(of_worker=worker is not None),
                impatience=0.01,
                chance=random.Random(chance.random()),
            )
            readers.append(Reader(firm, worker, follower))
        made = Chaos(
            postgres,
            *posts,
            wire,
            listen,
            founded,
            readers,
            chance,
            start_gateway,
            doorbell=api == "naryad_api",
        )
        async with following([one.follower for one in readers]):
            await made.everyone_listens()
            yield made
            print(made.report())
