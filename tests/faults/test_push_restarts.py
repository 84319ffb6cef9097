"""PostgreSQL goes down without a goodbye while pushes are under way, twice, with two pushers at work."""

from collections import Counter
from uuid import uuid4

from pydantic import SecretStr

from naryad.settings import Settings
from naryad_pusher.pusher import running_pusher
from support.account import found_office
from support.mortal_postgres import MortalPostgres
from support.provider import Provider
from support.pushes import settled
from support.server import running_api

CRASHES, EACH = 2, 15


async def test_every_message_arrives_through_crashes_of_postgresql(mortal: MortalPostgres) -> None:
    settings = Settings(database_url=SecretStr(mortal.access.service_dsn))
    pushers = [Provider(), Provider()]
    async with (
        running_api(mortal.access.service_dsn) as api,
        found_office(api, f"пуш-{uuid4().hex[:8]}") as office,
        running_pusher(settings, pushers[:1]) as one,
        running_pusher(settings, pushers[1:]) as other,
    ):
        jobs = []
        for _ in range(CRASHES):
            jobs += [await office.create_job() for _ in range(EACH)]
            await mortal.crash()  # some are sent, some are being sent, some wait
            await mortal.start()
        for job in jobs:
            (push,) = await settled(office, job["id"], 1, patience_s=90)  # a lost claim waits for its lease
            assert push["state"] == "sent", push
        assert one.lives
        assert other.lives

    told = Counter(str(message.job_id) for provider in pushers for message in provider.messages)
    ids = Counter(message.notification_id for provider in pushers for message in provider.messages)
    assert told.keys() == {job["id"] for job in jobs}
    assert len(ids) == len(jobs)  # what was sent twice was sent under its own id
    print(f"sent twice, because a crash fell before the settling: {sum(ids.values()) - len(ids)}")
