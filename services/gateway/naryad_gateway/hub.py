"""The hub: all rings of this process, kept up with the database."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import structlog

from naryad.db.events import changes_after, heads, sessions_alive
from naryad.db.listen import News
from naryad.db.pool import Database, Unavailable
from naryad.db.sessions import SessionRow
from naryad.domain.cursor import Position
from naryad.domain.ids import AccountId
from naryad.domain.refusals import Refusal, Slug, not_found
from naryad_gateway.frames import Resync, frame_of, heartbeat
from naryad_gateway.ring import Ring
from naryad_gateway.stream import HEARTBEAT_S, Stream

log = structlog.get_logger()

READ_AT_ONCE = 500
REPLAY_MOST = 4_000  # versions read again for someone who comes from further back
READERS = 4  # accounts read from the database at the same time
POLL_S = 1.0
SESSIONS_S = 5.0
STALLED_S = 30.0


class Hub:
    def __init__(self, database: Database, *, per_account: int, per_user: int, poll: bool = True) -> None:
        self._database = database
        self._per_account = per_account
        self._per_user = per_user
        self.poll = poll
        self._readers = asyncio.Semaphore(READERS)
        self._news = asyncio.Event()
        self._fresh: set[AccountId] = set()
        self._perhaps_any = False
        self.rings: dict[AccountId, Ring] = {}
        self.draining = False

    def streams(self) -> list[Stream]:
        return [stream for ring in self.rings.values() for stream in ring.streams]

    def on_news(self, news: News) -> None:
        """The listener's call: these accounts have news; None: look at all."""
        if news is None:
            self._perhaps_any = True
        else:
            self._fresh |= news & self.rings.keys()
        self._news.set()

    @asynccontextmanager
    async def join(self, session: SessionRow, after: Position | None) -> AsyncIterator[tuple[Ring, Stream]]:
        """A stream from `after`, or from now. Registered first, then placed: nothing falls between."""
        ring = self.rings.get(session.account_id)
        if ring is None:
            start = await self._head(session.account_id)
            ring = self.rings.setdefault(session.account_id, Ring(session.account_id, start))
            self.on_news(frozenset({session.account_id}))  # what came before it was registered was not heard
        self._check_limits(ring, session)
        stream = Stream(session, ring.version, heartbeat(after or ring.position))
        ring.streams.add(stream)
        try:
            if after is not None:
                await self._place(ring, stream, after)
            yield ring, stream
        finally:
            ring.streams.discard(stream)

    def _check_limits(self, ring: Ring, session: SessionRow) -> None:
        of_user = Counter(stream.user_id for stream in ring.streams)[session.user_id]
        if len(ring.streams) >= self._per_account or of_user >= self._per_user:
            limit = self._per_user if of_user >= self._per_user else self._per_account
            raise Refusal(Slug.TOO_MANY_REQUESTS, f"At most {limit} live streams: close another one first.")

    async def _place(self, ring: Ring, stream: Stream, after: Position) -> None:
        stream.version = min(after.version, ring.version)  # holds the ring's frames from here on
        if after.epoch == ring.epoch and after.version > ring.version:
            await self._catch_up(ring)  # perhaps this process has not heard of it yet
        if after.epoch != ring.epoch or after.version > ring.version:
            stream.version, stream.gap = ring.version, Resync.EPOCH
            return
        stream.version = after.version
        if after.version < ring.reaches_back_to:
            await self._replay(ring, after.version)
        if after.version < ring.reaches_back_to:
            stream.version, stream.gap = ring.version, Resync.EXPIRED

    async def _replay(self, ring: Ring, version: int) -> None:
        """Read older frames into the ring, once for all who ask at the same time."""
        async with ring.reading, self._readers:
            missing = ring.reaches_back_to - version
            if not missing > 0 or ring.version - version > REPLAY_MOST:
                return
            async with self._database.across() as connection:
                changes = await changes_after(connection, ring.account_id, version, missing)
            if len(changes) == missing and changes[0].version == version + 1:
                ring.prepend([frame_of(ring.epoch, change) for change in changes])

    async def _head(self, account_id: AccountId) -> Position:
        async with self._database.across() as connection:
            found = await heads(connection, [account_id])
        if account_id not in found:
            raise not_found()
        return found[account_id]

    async def _catch_up(self, ring: Ring, head: Position | None = None) -> None:
        """Read what is new into the ring."""
        async with ring.reading, self._readers, self._database.across() as connection:
            if head is None or head.epoch != ring.epoch:
                head = (await heads(connection, [ring.account_id]))[ring.account_id]
            if head.epoch != ring.epoch or head.version - ring.version > REPLAY_MOST:
                ring.begin_again(head)
                return
            while True:
                changes = await changes_after(connection, ring.account_id, ring.version, READ_AT_ONCE)
                if changes:
                    ring.append(frame_of(ring.epoch, change) for change in changes)
                if len(changes) < READ_AT_ONCE:
                    return

    async def keep_up(self) -> None:
        """Follow the news and, every second whatever the news, the heads of all accounts with streams."""
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
                log.warning("gateway cannot read the history", error=repr(error))
                self._perhaps_any = True
                await asyncio.sleep(random.uniform(0.2, 0.5))

    async def _follow(self, fresh: set[AccountId], *, anyone: bool) -> None:
        behind: dict[AccountId, Position | None] = dict.fromkeys(fresh)
        if anyone and self.rings:
            async with self._database.across() as connection:
                found = await heads(connection, self.rings.keys())
            behind |= {
                one: head
                for one, head in found.items()
                if one in self.rings and head != self.rings[one].position
            }
        rings = [(self.rings[one], head) for one, head in behind.items() if one in self.rings]
        await asyncio.gather(*(self._catch_up(ring, head) for ring, head in rings))

    async def keep_time(self) -> None:
        """One wheel for all streams: heartbeats, stalled readers, rotation, rings nobody reads."""
        tick = 0
        while True:
            await asyncio.sleep(1)
            tick += 1
            now = monotonic()
            for stream in self.streams():
                if stream.slot == tick % HEARTBEAT_S:
                    stream.heartbeat_due = True
                    stream.wake()
                if stream.ends_at < now:
                    stream.end(come_back_after_s=random.uniform(0, 2))
            for account_id, ring in list(self.rings.items()):
                if ring.streams:
                    ring.trim()
                elif not ring.reading.locked():
                    del self.rings[account_id]

    async def keep_watch(self) -> None:
        """Streams of sessions that were revoked or have expired end within seconds."""
        while True:
            await asyncio.sleep(SESSIONS_S)
            streams = self.streams()
            if not streams:
                continue
            try:
                async with self._database.across() as connection:
                    alive = await sessions_alive(connection, {one.session_id for one in streams})
            except Unavailable as error:
                log.warning("gateway cannot check sessions", error=repr(error))
                continue
            for stream in streams:
                if stream.session_id not in alive:
                    stream.end(come_back_after_s=1)

    async def drain(self, window_s: float) -> None:
        """Send all readers away, spread over the window, to come back to another replica."""
        self.draining = True
        streams = self.streams()
        random.shuffle(streams)
        for stream in streams:
            stream.end(come_back_after_s=random.uniform(0.5, 3))
            await asyncio.sleep(window_s / len(streams))
