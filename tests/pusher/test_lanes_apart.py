"""Each provider has its own lane: one that fails, hangs or refuses us delays no message of another."""

import asyncio

import pytest

from naryad.domain.push_address import Address
from naryad.domain.push_channel import ChannelName
from naryad.settings import Settings
from naryad_pusher.channels.channel import Misconfigured, Outcome, Retry
from naryad_pusher.compose import Message
from naryad_pusher.lane import CONCURRENCY
from naryad_pusher.pusher import running_pusher
from support.account import Office
from support.provider import Provider
from support.pushes import register, settled

JOBS = 12


class Hanging(Provider):
    async def send(self, message: Message, address: Address) -> Outcome:
        self.messages.append(message)
        await asyncio.Event().wait()
        raise AssertionError("it never answers")


@pytest.mark.parametrize("trouble", [Retry("503"), Misconfigured("403 InvalidProviderToken"), None])
async def test_a_failing_provider_starves_no_other(
    office: Office, pusher_settings: Settings, trouble: Outcome | None
) -> None:
    await register(office.ivan, ChannelName.APNS)
    await register(office.olga, ChannelName.FCM)
    both = [{"worker_id": office.ivan.worker_id}, {"worker_id": office.olga.worker_id}]
    sick = (
        Provider(name=ChannelName.APNS, answer=lambda message, address: trouble)
        if trouble
        else Hanging(name=ChannelName.APNS)
    )
    well = Provider(name=ChannelName.FCM)

    async with running_pusher(pusher_settings, [sick, well]):
        jobs = [await office.create_job(assignees=both) for _ in range(JOBS)]
        async with asyncio.timeout(60):
            while len(well.messages) < JOBS:
                await asyncio.sleep(0.02)

    assert sorted(str(one.job_id) for one in well.messages) == sorted(job["id"] for job in jobs)
    assert 1 <= len(sick.messages) <= CONCURRENCY


async def test_a_provider_that_fails_is_left_alone_and_then_tried_with_one(
    office: Office, pusher_settings: Settings
) -> None:
    """It fails until its pause is over; then everything arrives."""
    await register(office.ivan, ChannelName.FCM)
    provider = Provider(name=ChannelName.FCM, outcomes=[Retry("503")] * 6)
    async with running_pusher(pusher_settings, [provider]):
        jobs = [await office.create_job() for _ in range(8)]
        for job in jobs:
            (push,) = await settled(office, job["id"], 1)
            assert push["state"] == "sent"
