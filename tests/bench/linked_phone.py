"""A reference device as a process on the phone's side of a slow link.

Usage: linked_phone.py STORE URL DEVICE LOGIN PASSWORD. For each line on stdin it syncs and answers
with a line of JSON, the versions of the jobs it holds; for `work` it first writes a note into each of them.
"""

import asyncio
import json
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


async def main(path: str, url: str, device: str, login: str, password: str) -> None:
    store = Store(Path(path), DeviceId(UUID(device)))
    async with Transport(url) as transport:
        phone = Phone(store, transport, Profile("linked"), credentials=Credentials(login, password))
        for line in sys.stdin:
            if line == "work\n":
                for job in phone.state.jobs:
                    phone.do(SetReport({"note": "Пломба цела, показания сняты"}), job)
            while not (report := await phone.sync(Trigger.MANUAL)).ok or phone.unsent:
                print(report.why, file=sys.stderr, flush=True)
            held = {str(job): one.version for job, one in phone.state.jobs.items()}
            print(json.dumps(held), flush=True)
    store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
