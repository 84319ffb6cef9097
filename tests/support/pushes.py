"""Reading the push ladder until it says what a test waits for."""

import asyncio
from collections.abc import Callable
from typing import Any

from support.account import Office

Ladder = list[dict[str, Any]]


async def ladder(office: Office, job_id: str) -> Ladder:
    """The pushes of a job as the console gets them, the oldest first."""
    answer = await office.desk.get(f"/v1/jobs/{job_id}/pushes")
    assert answer.status_code == 200, answer.text
    pushes: Ladder = answer.json()["pushes"]
    return pushes[::-1]


async def ladder_when(office: Office, job_id: str, ready: Callable[[Ladder], bool]) -> Ladder:
    """The ladder as soon as it is `ready`."""
    async with asyncio.timeout(30):
        while not ready(pushes := await ladder(office, job_id)):
            await asyncio.sleep(0.02)
    return pushes


async def settled(office: Office, job_id: str, count: int) -> Ladder:
    """The ladder once `count` pushes are no longer pending."""

    def ready(pushes: Ladder) -> bool:
        return len(pushes) >= count and all(one["state"] != "pending" for one in pushes)

    return await ladder_when(office, job_id, ready)
