"""One wheel for all streams: heartbeats, readers that do not read, rotation, rings nobody reads."""

import asyncio
import random
from time import monotonic

from naryad_gateway.hub import Hub
from naryad_gateway.metrics import DROPPED, ENDED
from naryad_gateway.stream import HEARTBEAT_S, Stream
from naryad_gateway.turns import Turns

TICK_S = 1.0
STALLED_S = 30.0
LINGER_S = 60.0  # a ring outlives its last stream a little: whoever lost the network is soon back


async def keep_time(hub: Hub) -> None:
    loop = asyncio.get_running_loop()
    tick, due = 0, loop.time()
    while True:
        due = max(due + TICK_S, loop.time())
        await asyncio.sleep(due - loop.time())
        tick += 1
        turn(hub, tick % HEARTBEAT_S)


def turn(hub: Hub, slot: int) -> None:
    """One tick: a twentieth of the streams is due a heartbeat, all are looked at."""
    now = monotonic()
    for account_id, ring in list(hub.rings.items()):
        for stream in list(ring.streams):
            _look_at(hub.turns, stream, slot, now)
        if ring.streams:
            ring.trim()
        elif now - ring.empty_since > LINGER_S and not ring.reading.locked():
            del hub.rings[account_id]


def _look_at(turns: Turns, stream: Stream, slot: int, now: float) -> None:
    if stream.slot == slot:
        stream.heartbeat_due = True
        turns.add(stream)
    if stream.blocked_since is not None and now - stream.blocked_since > STALLED_S:
        DROPPED.inc()
        stream.cut()
    elif stream.ends_at < now and stream.goodbye is None:
        ENDED.labels("rotation").inc()
        stream.end(come_back_after_s=random.uniform(0, 2))
