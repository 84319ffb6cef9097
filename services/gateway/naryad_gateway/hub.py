"""The hub: all rings of this process, kept up with the database."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from prometheus_client import Gauge

from naryad.db.listen import News
from naryad.db.pool import Unavailable
from naryad.db.sessions import SessionRow
from naryad.domain.cursor import Position
from naryad.domain.ids import AccountId
from naryad.domain.refusals import Refusal, Slug, not_found
from naryad_gateway.frames import Resync
from naryad_gateway.history import REPLAY_MOST, History
from naryad_gateway.metrics import STREAMS
from naryad_gateway.ring import Ring
from naryad_gateway.stream import Stream
from naryad_gateway.turns import Turns

log = structlog.get_logger()

POLL_S = 1.0


_STREAMS = {audience: STREAMS.labels(audience) for audience in ("desk", "worker")}


class Hub:
    def __init__(self, history: History, *, per_account: int, per_user: int, poll: bool = True) -> None:
        self.history = history
        self.per_account = per_account
        self.per_user = per_user
        self.poll = poll
        self.rings: dict[AccountId, Ring] = {}
        self.turns = Turns()
        self.draining = False
        self._news = asyncio.Event()
        self._fresh: set[AccountId] = set()
        self._perhaps_any = False

    def streams(self) -> list[Stream]:
        return [stream for ring in self.rings.values() for stream in ring.streams]

    def on_news(self, news: News) -> None:
        """The listener's call: these accounts have news; None: look at all."""
        if news is None:
            self._perhaps_any = True
        else:
            self._fresh |= news & self.rings.keys()
        self._news.set()

    async def ring_for(self, session: SessionRow) -> Ring:
        """The ring that a new stream of this session reads.

        Raises Refusal: too-many-requests; and what `Unavailable` names.
        """
        ring = self.rings.get(session.account_id) or await self._new_ring(session.account_id)
        self._check_limits(ring, session)
        return ring

    @asynccontextmanager
    async def joining(self, ring: Ring, stream: Stream, after: Position | None) -> AsyncIterator[None]:
        """Registered first, then placed at `after`, or at now: nothing falls between.

        The stream leaves if the block fails, else by `leave`. Raises what `Unavailable` names.
        """
        ring.add(stream)
        _gauge(stream).inc()
        try:
            if after is not None:
                await self._place(ring, stream, after)
            if self.draining:
                stream.goodbye = random.uniform(1, 5)
            yield
        except BaseException:
            self.leave(ring, stream)
            raise

    def leave(self, ring: Ring, stream: Stream) -> None:
        """Its reader has gone. Once is enough."""
        if stream in ring.streams:
            ring.discard(stream)
            _gauge(stream).dec()

    async def _new_ring(self, account_id: AccountId) -> Ring:
        head = (await self.history.heads([account_id])).get(account_id)
        if head is None:
            raise not_found()
        ring = self.rings.setdefault(account_id, Ring(account_id, head, self.turns))
        self.on_news(frozenset({account_id}))  # what came before it was registered was not heard
        return ring

    def _check_limits(self, ring: Ring, session: SessionRow) -> None:
        of_user = ring.of_user[session.user_id]
        if len(ring.streams) >= self.per_account or of_user >= self.per_user:
            limit, whose = (
                (self.per_user, "user") if of_user >= self.per_user else (self.per_account, "account")
            )
            raise Refusal(
                Slug.TOO_MANY_REQUESTS, f"This {whose} has {limit} live streams open: close one first."
            )

    async def _place(self, ring: Ring, stream: Stream, after: Position) -> None:
        stream.version = min(after.version, ring.version)  # the ring keeps its frames from here on
        if after.epoch != ring.epoch or after.version > ring.version:
            await self._look_again(ring, after)  # perhaps this process has not heard of it yet
        if after.epoch != ring.epoch or after.version > ring.version:
            stream.version, stream.gap = ring.version, Resync.EPOCH
            return
        stream.version, stream.gap = after.version, None
        too_old = ring.version - after.version > REPLAY_MOST
        if after.version < ring.reaches_back_to and (
            too_old or not await self.history.reach_back(ring, after.version)
        ):
            stream.version, stream.gap = ring.version, Resync.EXPIRED

    async def _look_again(self, ring: Ring, after: Position) -> None:
        if after.epoch != ring.epoch:
            await self.history.compare(ring)
        await self.history.catch_up(ring, after)

    async def keep_up(self) -> None:
        """Follow the news and, every second whatever the news, the heads of all accounts with streams."""
        reachable = True
        while True:
            try:
                await asyncio.wait_for(self._news.wait(), POLL_S if self.poll else None)
            except TimeoutError:
                self._perhaps_any = True
            self._news.clear()
            fresh, self._fresh = self._fresh, set()
            anyone, self._perhaps_any = self._perhaps_any, False
            try:
                await self._follow(fresh, anyone=anyone)
            except Unavailable as error:
                if reachable:
                    log.warning("gateway cannot read histories", error=repr(error))
                reachable = False
                self._perhaps_any = True
                await asyncio.sleep(random.uniform(0.2, 0.5))
            else:
                if not reachable:
                    log.info("gateway reads histories again")
                reachable = True

    async def _follow(self, fresh: set[AccountId], *, anyone: bool) -> None:
        moved = await self._moved() if anyone and self.rings else {}
        work = {
            one: self._catch_up(self.rings[one], moved.get(one))
            for one in fresh | moved.keys()
            if one in self.rings
        }
        outcomes = await asyncio.gather(*work.values(), return_exceptions=True)
        for account_id, outcome in zip(work, outcomes, strict=True):
            if isinstance(outcome, Unavailable):
                raise outcome
            if isinstance(outcome, Exception):  # one account's trouble is not everyone's
                log.error("a history cannot be told", account_id=str(account_id), exc_info=outcome)

    async def _moved(self) -> dict[AccountId, tuple[Position, Position]]:
        """Accounts whose history is not where their ring is: where the ring was, where the history is."""
        rings = {one: ring.position for one, ring in self.rings.items()}
        heads = await self.history.heads(rings.keys())
        return {one: (rings[one], head) for one, head in heads.items() if head != rings[one]}

    async def _catch_up(self, ring: Ring, moved: tuple[Position, Position] | None) -> None:
        if moved is not None:
            old, new = moved
            if new.epoch != old.epoch or not 0 <= new.version - old.version <= REPLAY_MOST:
                await self.history.compare(ring)
        await self.history.catch_up(ring)


def _gauge(stream: Stream) -> Gauge:
    return _STREAMS["worker" if stream.worker else "desk"]
