"""Wires that are cut in the middle, and wires that swallow everything."""

import random

from faults.conftest import House
from support.mortal_postgres import MortalPostgres
from support.process import TESTS, post
from support.proxy import wire_to
from support.server import client, free_port

CUTS = 8


async def test_connections_cut_in_mid_request_lose_and_double_nothing(house: House) -> None:
    chance = random.Random(house.seed)
    await house.api.take("naryad_api")
    async with wire_to(house.url) as wire, house.people(wire.url) as people:
        async with people.at_work():
            for _ in range(CUTS):
                await wire.cut_after(chance.randint(200, 4000))  # the phone may repeat a request unnoticed
            await people.made(len(people.journal.made) + 15)
        verdict = await people.verdict()
    assert verdict.clean, verdict.words()


async def test_a_black_hole_before_the_api_is_given_up_and_survived(house: House) -> None:
    await house.api.take("naryad_api")
    async with wire_to(house.url) as wire, house.people(wire.url, timeout_s=3) as people:
        async with people.at_work():
            await people.made(10)
            wire.hold()
            while people.journal.faults["requests without an answer"] < len(people.phones):
                await people.made(len(people.journal.made) + 1)  # phones give up, and their workers go on
            wire.mend()  # now the requests arrive that nobody waits for any more
            await people.made(len(people.journal.made) + 15)
        verdict = await people.verdict()
    assert verdict.clean, verdict.words()


async def test_a_black_hole_behind_the_api_is_503_and_survived(house: House, mortal: MortalPostgres) -> None:
    async with (
        wire_to(mortal.access.service_dsn) as wire,
        post(
            mortal.access.service_dsn.replace(f":{mortal.access.port}/", f":{wire.port}/"), free_port()
        ) as api,
    ):
        service = await api.take("support.impatient_api", PYTHONPATH=TESTS)
        async with house.people(service.url) as people, client(service.url) as http:
            async with people.at_work():
                await people.made(10)
                wire.hold()
                while not people.journal.faults["answers 503 unavailable"]:
                    assert (await http.get("/healthz")).status_code == 200
                    await people.made(len(people.journal.made) + 1)
                assert (await http.get("/readyz")).status_code == 503
                wire.mend()
                await people.made(len(people.journal.made) + 15)
            verdict = await people.verdict()
        assert verdict.clean, verdict.words()
        assert service.process.returncode is None
