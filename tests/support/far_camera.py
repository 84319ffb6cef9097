"""A phone with a camera as a program of its own, for a network of its own: a line in, a line out, both JSON.

`{"do": "sync"}`, `{"do": "take", "job": …, "size": …, "seed": …}`, `{"do": "network", "effective_type": …}`;
each is answered with how the phone then is.
"""

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from naryad.device.operations import SetReport, SetState
from naryad.domain.ids import DeviceId, JobId
from naryad.domain.states import JobState
from naryad.domain.sync_policy import Trigger
from support.photographer import Photographer, photographer, picture


async def main(url: str, folder: Path, login: str, device: str) -> None:
    folder.mkdir(exist_ok=True)
    async with photographer(url, folder, login, DeviceId(UUID(device))) as camera:
        while line := await asyncio.to_thread(sys.stdin.readline):
            asked = json.loads(line)
            told = await act(camera, asked)
            print(json.dumps(told), flush=True)


async def act(camera: Photographer, asked: dict[str, object]) -> dict[str, object]:
    phone = camera.phone
    why = ""
    match asked["do"]:
        case "sync":
            report = await phone.sync(Trigger.MANUAL)
            await camera.files.idle()
            why = report.why
        case "take":
            camera.take({"id": asked["job"]}, picture(int(str(asked["size"])), int(str(asked["seed"]))))
        case "work":
            job = JobId(UUID(str(asked["job"])))
            phone.do(SetState(JobState.STARTED), job)
            phone.do(SetReport({"meter": 7}), job)
        case "send now":
            phone.send_photos_now()
        case "network":
            phone.link_changed(replace(phone.link, effective_type=str(asked["effective_type"])))
        case unknown:
            raise ValueError(unknown)
    return {
        "why": why,
        "network": phone.network,
        "unsent": phone.unsent,
        "outbox": len(phone.state.outbox),
        "files": {str(one.id): one.stage for one in phone.state.files.values()},
    }


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]))
