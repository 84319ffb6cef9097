"""A pusher that is told to stop finishes what it is sending."""

import asyncio

from naryad.db.deliveries import ChannelName
from naryad.domain.push_address import Address
from naryad.settings import Settings
from naryad_pusher.channels.channel import Outcome, Sent
from naryad_pusher.compose import Message
from naryad_pusher.pusher import running_pusher
from support.account import Office
from support.pushes import ladder


class Slow:
    """A provider that takes a message when it is let to."""

    name = ChannelName.RECORDING

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.let = asyncio.Event()
        self.closed = False

    async def send(self, message: Message, address: Address) -> Outcome:
        self.asked.set()
        await self.let.wait()
        return Sent()

    async def close(self) -> None:
        self.closed = True


async def test_a_message_under_way_is_sent_and_settled_before_the_end(
    office: Office, pusher_settings: Settings
) -> None:
    slow, stop = Slow(), asyncio.Event()

    async def push_until_stopped() -> None:
        async with running_pusher(pusher_settings, [slow]):
            await stop.wait()

    pushing = asyncio.create_task(push_until_stopped())
    job = await office.create_job()
    async with asyncio.timeout(30):
        await slow.asked.wait()
        stop.set()
        assert [one["state"] for one in await ladder(office, job["id"])] == ["pending"]
        slow.let.set()
        await pushing

    assert [one["state"] for one in await ladder(office, job["id"])] == ["sent"]
    assert slow.closed
