"""A phone as a process of its own, to be killed: works and syncs, and names each operation once it is saved.

Usage: killed_phone.py STORE URL (work|settle)
"""

import asyncio
import random
import sys
from pathlib import Path
from uuid import UUID

from naryad.device.operations import SetReport
from naryad.device.phone import Phone
from naryad.device.session import Credentials, Profile
from naryad.device.store import Store
from naryad.device.transport import Transport
from naryad.domain.ids import DeviceId
from naryad.domain.sync_policy import Trigger

DEVICE = DeviceId(UUID("018f0000-0000-7000-8000-00000000dddd"))


async def main(path: str, url: str, what: str) -> None:
    store = Store(Path(path), DEVICE)
    async with Transport(url) as transport:
        phone = Phone(store, transport, Profile("killed"), credentials=Credentials("ivan", "demo"))
        while not (report := await phone.sync(Trigger.OPEN)).ok or (what == "settle" and phone.unsent):
            print("#", report.why, flush=True)
        while what == "work":
            for _ in range(random.randint(1, 4)):
                job = random.choice(list(phone.state.jobs))
                operation = phone.do(SetReport({random.choice("abc"): random.randint(0, 9)}), job)
                print(operation.id, flush=True)
            await phone.sync(Trigger.STATE_CHANGE)
    store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
