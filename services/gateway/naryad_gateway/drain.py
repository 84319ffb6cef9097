"""The end of a gateway: its readers are sent to other replicas, one after the other."""

import asyncio
import random
from time import monotonic

from naryad_gateway.hub import Hub
from naryad_gateway.metrics import ENDED

STEP_S = 0.05
FAREWELL_S = 1.0


async def drain(hub: Hub, seconds: float) -> None:
    """Good-byes are spread over two thirds of the time; who has not gone by its end is cut off."""
    hub.draining = True
    staying = hub.streams()
    random.shuffle(staying)
    total = len(staying)
    began = monotonic()
    while hub.streams():
        passed = monotonic() - began
        share = passed / (seconds * 2 / 3) if seconds > 0 else 1
        while staying and total - len(staying) <= share * total:
            ENDED.labels("drain").inc()
            staying.pop().end(come_back_after_s=random.uniform(0.5, 3))
        if passed > max(seconds, FAREWELL_S):
            break
        await asyncio.sleep(STEP_S)
    for stream in hub.streams():
        stream.cut()
