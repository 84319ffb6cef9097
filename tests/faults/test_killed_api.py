"""The API is killed at the worst moments of a sync: what it answered is there, what it did is done once."""

import random
from signal import SIGKILL

from faults.conftest import House
from naryad_cli.simulate.verdict import Fault, Verdict
from support.process import TESTS


async def after_kills(house: House, *points: str) -> Verdict:
    """The verdict on work during which the API was killed at each of these points, and started anew."""
    chance = random.Random(house.seed)

    async def doomed(point: str) -> None:
        after = str(chance.randint(2, 8))
        await house.api.take("support.doomed_api", PYTHONPATH=TESTS, DOOM=point, DOOM_AFTER=after)

    await doomed(points[0])
    async with house.people() as people:
        async with people.at_work():
            for following in points[1:]:
                assert await house.api.ended() == -SIGKILL
                await doomed(following)
            assert await house.api.ended() == -SIGKILL
            await house.api.take("naryad_api")
            await people.made(len(people.journal.made) + 15)
        return await people.verdict()


async def test_kills_during_a_sync_lose_and_double_nothing(house: House) -> None:
    verdict = await after_kills(house, "before the lock", "after the write", "after the commit")
    assert verdict.clean, verdict.words()
    assert verdict.faults["told again"] > 0  # it was done, and the answer did not come


async def test_an_api_that_answers_before_it_commits_is_caught(house: House) -> None:
    verdict = await after_kills(house, "answer before commit")
    assert verdict.count(Fault.LOST) > 0, verdict.words()
