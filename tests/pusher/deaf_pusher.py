"""A pusher that stops still in the middle of a sending, to be killed there.

Arguments: `before` or `after` the provider took the message, or before `settling`, which is later still;
and the file that is the provider.
"""

import asyncio
import sys
from pathlib import Path
from typing import NoReturn

from naryad.db.deliveries import ChannelName
from naryad.domain.push_address import Address
from naryad.settings import Settings
from naryad_pusher import lane
from naryad_pusher.channels.channel import Outcome, Sent
from naryad_pusher.compose import Message
from naryad_pusher.pusher import running_pusher


class StandingStill:
    name = ChannelName.RECORDING

    def __init__(self, when: str, provider: Path) -> None:
        self._when = when
        self._provider = provider

    async def send(self, message: Message, address: Address) -> Outcome:
        if self._when != "before":
            with self._provider.open("a") as taken:
                taken.write(f"{message.notification_id}\n")
        if self._when != "settling":
            await stand_still()
        return Sent()

    async def close(self) -> None:
        """It has no connections."""


async def stand_still(*_: object) -> NoReturn:
    print("standing still", flush=True)
    await asyncio.Event().wait()
    raise AssertionError("it is killed before that")


async def main(when: str, provider: str) -> None:
    if when == "settling":
        lane.settle = stand_still
    async with running_pusher(Settings(), [StandingStill(when, Path(provider))]):
        await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
