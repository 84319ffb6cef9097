"""What a provider may answer, and what becomes of the message."""

from collections import Counter

import pytest
from asyncpg import Connection

from naryad.db.pool import open_database
from naryad.settings import Settings
from naryad_pusher.channels.channel import Gone, Misconfigured, Outcome, Rejected, Retry
from naryad_pusher.lane import Lane
from naryad_pusher.pusher import running_pusher
from support.account import Office
from support.provider import Provider
from support.pushes import ladder_when, settled
from support.tasks import going_on


@pytest.mark.parametrize("trouble", [Retry("503", after_s=0.2), RuntimeError("a fault of ours")])
async def test_what_fails_is_sent_again_under_the_same_notification_id(
    office: Office, pusher_settings: Settings, trouble: Outcome | Exception
) -> None:
    provider = Provider([trouble, trouble])
    async with running_pusher(pusher_settings, [provider]):
        job = await office.create_job()
        (push,) = await settled(office, job["id"], 1)

    assert push["state"] == "sent"
    assert [str(one.notification_id) for one in provider.messages] == [push["id"]] * 3


@pytest.mark.parametrize("outcome", [Gone("410 Unregistered"), Rejected("413 PayloadTooLarge")])
async def test_what_cannot_be_sent_is_dead_with_the_providers_words(
    office: Office, pusher_settings: Settings, outcome: Gone | Rejected
) -> None:
    provider = Provider([outcome])
    async with running_pusher(pusher_settings, [provider]):
        job = await office.create_job()
        (push,) = await settled(office, job["id"], 1)

    assert (push["state"], push["detail"]) == ("dead", outcome.detail)
    assert len(provider.messages) == 1


async def test_a_retry_waits_as_long_as_the_provider_asks(
    office: Office, pusher_settings: Settings, truth: Connection
) -> None:
    async with running_pusher(pusher_settings, [Provider([Retry("429", after_s=3000)])]):
        job = await office.create_job()
        (push,) = await ladder_when(
            office, job["id"], lambda pushes: any("429" in one.get("detail", "") for one in pushes)
        )

    if push["state"] == "dead":  # this test runs in the last 50 minutes of the office's day
        assert push["detail"] == "the day ended after 1 attempts: 429"
    else:
        assert (push["state"], push["detail"]) == ("pending", "429")
        assert await truth.fetchval("select due_at > now() + interval '2900 s' from push_delivery")


async def test_refused_credentials_rest_the_channel_and_lose_nothing(
    office: Office, pusher_settings: Settings
) -> None:
    refused, good = Provider([Misconfigured("403 InvalidProviderToken")]), Provider()
    async with open_database(pusher_settings.database_dsn, name="test") as database:
        jobs = [await office.create_job() for _ in range(3)]
        async with running_pusher(pusher_settings, []):  # makes deliveries, sends none
            for job in jobs:
                await ladder_when(office, job["id"], lambda pushes: any("device_id" in one for one in pushes))
        async with going_on(Lane(database, refused, concurrency=1).keep_going()):
            await ladder_when(office, jobs[0]["id"], lambda pushes: "detail" in pushes[0])
            async with running_pusher(pusher_settings, [good]):
                for job in jobs[1:]:
                    await settled(office, job["id"], 1)

    assert Counter(str(one.job_id) for one in refused.messages) == {jobs[0]["id"]: 1}
    assert Counter(str(one.job_id) for one in good.messages) == {job["id"]: 1 for job in jobs[1:]}
