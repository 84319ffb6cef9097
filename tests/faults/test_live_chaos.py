"""Everything between the writers and the readers of live events breaks, again and again: each reader that
comes back by Last-Event-ID has every version exactly once, or the gap announced."""

import pytest

from support.live_chaos import chaos
from support.mortal_postgres import MortalPostgres
from support.process import TESTS
from support.riot import EVERYTHING, Fault, listener_killed, run_riot, wire_torn
from support.verdict import Broken


async def test_no_version_is_lost_or_doubled_in_the_riot(mortal: MortalPostgres, seed: int) -> None:
    async with chaos(mortal, seed, firms=20, streams=200) as town:
        await run_riot(town, EVERYTHING, patience_s=60)
        assert any(one.told.gaps for one in town.readers)  # whoever was left far behind


FEW: list[Fault] = [listener_killed, wire_torn]

CONTROLS = [
    ("no poll,no catch-up", "naryad_api", "is stuck at"),
    ("no poll", "support.mute_api", "is stuck at"),
    ("no replay", "naryad_api", "a silent gap"),
]


@pytest.mark.parametrize(("faults", "api", "reason"), CONTROLS)
async def test_a_gateway_without_what_it_needs_is_found_out(
    mortal: MortalPostgres, seed: int, faults: str, api: str, reason: str
) -> None:
    """The same riot, smaller; without the one thing that helps, its verdict names what broke."""
    how = {"gateway": "support.faulty_gateway", "api": api, "PYTHONPATH": TESTS, "FAULTS": faults}
    async with chaos(mortal, seed, firms=4, streams=24, **how) as town:
        with pytest.raises(Broken, match=reason):
            await run_riot(town, FEW, patience_s=4)


@pytest.mark.parametrize(("faults", "api"), [("no poll", "naryad_api"), ("no catch-up", "support.mute_api")])
async def test_of_doorbell_catch_up_and_poll_one_helps_where_the_others_fail(
    mortal: MortalPostgres, seed: int, faults: str, api: str
) -> None:
    how = {"gateway": "support.faulty_gateway", "api": api, "PYTHONPATH": TESTS, "FAULTS": faults}
    async with chaos(mortal, seed, firms=4, streams=24, **how) as town:
        await run_riot(town, FEW, patience_s=60)
