"""The API is killed at the worst moments of a sync: what it answered is there, what it did is done once."""

import random
from pathlib import Path
from signal import SIGKILL

import pytest

from faults.conftest import House
from naryad_cli.simulate.verdict import Fault, Verdict

TESTS = str(Path(__file__).parent.parent)


async def after_a_kill(house: House, point: str) -> Verdict:
    """The verdict on work during which the API was killed at this point, then started anew."""
    after = random.Random(house.seed).randint(2, 8)
    doomed = await house.api.take(
        "support.doomed_api", PYTHONPATH=TESTS, DOOM=point, DOOM_AFTER=str(after)
    )
    async with house.people() as people:
        async with people.at_work():
            assert await doomed.ended() == -SIGKILL
            await house.api.take("naryad_api")
            await people.made(len(people.journal.made) + 15)
        return await people.verdict()


@pytest.mark.parametrize("point", ["before the lock", "after the write", "after the commit"])
async def test_a_kill_during_a_sync_loses_and_doubles_nothing(house: House, point: str) -> None:
    verdict = await after_a_kill(house, point)
    assert verdict.clean, verdict.words()
    assert (verdict.faults["told again"] > 0) is (point == "after the commit")


async def test_an_api_that_answers_before_it_commits_is_caught(house: House) -> None:
    verdict = await after_a_kill(house, "answer before commit")
    assert verdict.count(Fault.LOST) > 0, verdict.words()
