"""Reading the push ladder until it says what a test waits for."""

import asyncio
from collections.abc import Callable
from typing import Any

from naryad.domain.push_channel import ChannelName
from support.account import Office, Phone
from support.subscriptions import subscription

Ladder = list[dict[str, Any]]


async def ladder(office: Office, job_id: str) -> Ladder:
    """The pushes of a job as the console gets them, the oldest first."""
    answer = await office.desk.get(f"/v1/jobs/{job_id}/pushes")
    assert answer.status_code == 200, answer.text
    pushes: Ladder = answer.json()["pushes"]
    return pushes[::-1]


async def ladder_when(
    office: Office, job_id: str, ready: Callable[[Ladder], bool], patience_s: float = 30
) -> Ladder:
    """The ladder as soon as it is `ready`."""
    async with asyncio.timeout(patience_s):
        while not ready(pushes := await ladder(office, job_id)):
            await asyncio.sleep(0.02)
    return pushes


async def settled(office: Office, job_id: str, count: int, patience_s: float = 30) -> Ladder:
    """The ladder once `count` pushes are no longer pending."""

    def ready(pushes: Ladder) -> bool:
        return len(pushes) >= count and all(one["state"] != "pending" for one in pushes)

    return await ladder_when(office, job_id, ready, patience_s)


TOKENS = {ChannelName.APNS: "ab" * 32, ChannelName.FCM: "fcm:APA91"}


async def register(phone: Phone, channel: ChannelName, token: str | None = None) -> str:
    """The phone registers for pushes; its token, with Web Push the endpoint."""
    if channel is ChannelName.WEBPUSH:
        made = subscription(token or "https://fcm.googleapis.com/wp/one")
        token, body = made["endpoint"], {"channel": channel, "subscription": made}
    else:
        token = token or TOKENS[channel]
        body = {"channel": channel, "token": token}
    answer = await phone.http.put("/v1/devices/current/push", json=body)
    assert answer.status_code == 204, answer.text
    return token


async def seen(office: Office, phone: Phone) -> Any:
    """How the desk sees that the phone can be told."""
    listed = (await office.desk.get("/v1/devices")).json()["devices"]
    return next(one["push"] for one in listed if one["id"] == phone.device_id)
