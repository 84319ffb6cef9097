"""PostgreSQL goes down without a goodbye while everybody works, and comes back."""

from faults.conftest import House
from support.mortal_postgres import MortalPostgres

CRASHES = 3


async def test_crashes_of_postgresql_under_load_lose_and_double_nothing(
    house: House, mortal: MortalPostgres
) -> None:
    service = await house.api.take("naryad_api")
    async with house.people(devices=5, network="flaky") as people:
        async with people.at_work():
            for _ in range(CRASHES):
                await people.made(len(people.journal.made) + 10)
                told = people.journal.faults["answers 503 unavailable"]
                await mortal.crash()
                while people.journal.faults["answers 503 unavailable"] == told:
                    await people.made(len(people.journal.made) + 1)  # work goes on, on the phones
                await mortal.start()
            await people.made(len(people.journal.made) + 15)
        verdict = await people.verdict()
    assert verdict.clean, verdict.words()
    assert service.process.returncode is None
