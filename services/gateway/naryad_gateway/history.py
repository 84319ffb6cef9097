"""Reading histories from the database into rings: one reader per account, few at a time."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from naryad.db.events import changes_after, heads
from naryad.db.pool import Connection, Database
from naryad.domain.change import ChangeKind
from naryad.domain.cursor import Position
from naryad.domain.ids import AccountId
from naryad_gateway.frames import Frame, Resync, frame_of
from naryad_gateway.metrics import EVENTS, READS
from naryad_gateway.ring import Ring

READERS = 4
READ_AT_ONCE = 500
REPLAY_MOST = 1_000  # versions; who comes from further back is told of the gap
GRACE = 100  # what may be added while that is decided; and what is read beyond the one who asks first,
# for those who return with it from the same cut and held a little less


class History:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._readers = asyncio.Semaphore(READERS)

    async def heads(self, accounts: Collection[AccountId]) -> dict[AccountId, Position]:
        """Where each of these histories stands, in one statement."""
        READS.labels("heads").inc()
        async with self._database.across() as connection:
            return await heads(connection, accounts)

    async def catch_up(self, ring: Ring, wanted: Position | None = None) -> None:
        """Read what is new into the ring; nothing to do if another has meanwhile reached `wanted`."""
        async with self._reading(ring) as connection:
            if wanted is not None and wanted.epoch == ring.epoch and wanted.version <= ring.version:
                return
            while await self._append(connection, ring) == READ_AT_ONCE:
                pass

    async def _append(self, connection: Connection, ring: Ring) -> int:
        READS.labels("news").inc()
        changes = await changes_after(connection, ring.account_id, ring.version, READ_AT_ONCE)
        expected = range(ring.version + 1, ring.version + 1 + len(changes))
        leap = [change.version for change in changes] != list(expected)
        if leap or any(change.kind is ChangeKind.EPOCH for change in changes):
            await self._begin_again(connection, ring)
            return 0
        ring.append([frame_of(ring.epoch, change) for change in changes])
        EVENTS.inc(len(changes))
        return len(changes)

    async def compare(self, ring: Ring) -> None:
        """Begin again if the history is another one, went back, or has run far ahead."""
        async with self._reading(ring) as connection:
            await self._begin_again(connection, ring)

    async def _begin_again(self, connection: Connection, ring: Ring) -> None:
        READS.labels("heads").inc()
        head = (await heads(connection, [ring.account_id])).get(ring.account_id)
        if head is None:
            return  # the account is gone, and its sessions with it
        if head.epoch != ring.epoch or head.version < ring.version:
            ring.begin_again(head, Resync.EPOCH)
        elif head.version > ring.version + REPLAY_MOST:
            ring.begin_again(head, Resync.OVERFLOW)

    async def reach_back(self, ring: Ring, version: int) -> bool:
        """Read older frames into the ring, once for all who ask at the same time. False: too far back."""
        async with self._reading(ring) as connection:
            missing = ring.reaches_back_to - version
            if missing <= 0:
                return True
            if ring.version - version > REPLAY_MOST + GRACE:
                return False
            READS.labels("replay").inc()
            after = max(0, version - GRACE)
            limit = ring.reaches_back_to - after
            changes = await changes_after(connection, ring.account_id, after, limit)
            frames: list[Frame] = []
            for change in reversed(changes):
                if change.version != ring.reaches_back_to - len(frames) or change.kind is ChangeKind.EPOCH:
                    break
                frames.append(frame_of(ring.epoch, change))
                if not len(frames) % 100:
                    await asyncio.sleep(0)  # encoding a thousand would hold up everyone else
            ring.prepend(frames[::-1])
            return ring.reaches_back_to <= version

    @asynccontextmanager
    async def _reading(self, ring: Ring) -> AsyncIterator[Connection]:
        async with ring.reading, self._readers, self._database.across() as connection:
            yield connection
