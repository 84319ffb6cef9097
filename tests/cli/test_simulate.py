"""`naryad simulate`: the whole command on a real server, and an oracle that sees what it should."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from naryad.device.operations import AddComment
from naryad.device.phone import Link
from naryad.uuid7 import uuid7
from naryad_cli.failures import CommandError, Exit
from naryad_cli.simulate import plan as plans
from naryad_cli.simulate import simulation
from naryad_cli.simulate.plan import Plan
from naryad_cli.simulate.simulation import Simulation, running
from naryad_cli.simulate.verdict import Fault, Verdict
from support.account import PASSWORD, Office
from support.command import NARYAD, clean_environment
from support.proxy import Wire, wire_to
from support.server import free_port

ADMIN = "Ромашка-admin"


@asynccontextmanager
async def worked(office: Office, folder: Path) -> AsyncIterator[Simulation]:
    """A small company that has worked, with nothing gone wrong."""
    plan = Plan(office.api.url, ADMIN, PASSWORD, seed=7, devices=3, dispatchers=1, speed=240)
    async with running(plan, folder) as simulation:
        async with simulation.at_work():
            await simulation.made(60)
        yield simulation


async def command(office: Office, *arguments: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(NARYAD, "simulate", "--url", office.api.url, "--login", ADMIN, *arguments),
        env=clean_environment({"NARYAD_SIMULATE_PASSWORD": PASSWORD}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode, out.decode(), errors.decode()


async def test_a_day_of_all_faults_of_phones_and_networks_is_clean(office: Office) -> None:
    code, out, errors = await command(
        office, "--json", "--faults", "--network=awful", "--devices=6", "--operations=250", "--speed=120"
    )
    print(errors, out)
    verdict = json.loads(out)
    assert (code, verdict["clean"], verdict["findings"]) == (0, True, [])
    assert verdict["operations"] >= 250
    assert sum(verdict["results"].values()) == verdict["operations"]
    assert {"requests cut", "answers lost", "requests doubled", "phones crashed"} <= verdict["faults"].keys()
    assert f"seed {verdict['seed']}" in errors
    assert "operations 250/250" in errors


async def test_what_cannot_be_simulated_is_said_in_words(office: Office, tmp_path: Path) -> None:
    code, _, errors = await command(office, "--password", "falsch")
    assert (code, "Traceback" in errors) == (1, False)
    assert "401" in errors
    nowhere = Plan(f"http://127.0.0.1:{free_port()}", ADMIN, PASSWORD, seed=1)
    with pytest.raises(CommandError, match="naryad up") as refused:
        async with running(nowhere, tmp_path):
            pass
    assert refused.value.code is Exit.UNREACHABLE


async def _worked_until_cut(plan: Plan, folder: Path, wire: Wire) -> None:
    async with running(plan, folder) as people, people.at_work():
        await people.made(5)
        wire.cut()
        await people.made(10**6)


async def test_a_server_that_goes_for_good_ends_the_simulation_in_words(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation, "GONE_S", 2.0)
    async with wire_to(office.api.url) as wire:
        plan = Plan(wire.url, ADMIN, PASSWORD, seed=7, devices=2, dispatchers=1, speed=240)
        with pytest.raises(CommandError, match="is gone") as ended:
            await _worked_until_cut(plan, tmp_path, wire)
    assert ended.value.code is Exit.UNREACHABLE


COMMENT = "select * from change where kind = 'comment' and device_id is not null order by version limit 1"
TAMPERED = {
    "an acknowledged comment is gone from the history": (
        Fault.LOST,
        f"delete from change where version in (select version from ({COMMENT}) one)",
    ),
    "an entry says something else than the worker did": (
        Fault.LOST,
        f"update change set fields = '{{}}' where version in (select version from ({COMMENT}) one)",
    ),
    "what a dispatcher was promised is gone": (
        Fault.LOST,
        "delete from change where kind = 'created'",
    ),
    "a comment stands in the history twice": (
        Fault.DOUBLED,
        f"create table twice as {COMMENT}; update twice set version = version + 1000000;"
        "insert into change select * from twice",
    ),
    "a job has changed past its history and its phone": (
        Fault.DIVERGED,
        """update job set fields = fields || '{"description": "Подменено"}'""",
    ),
    "a phone holds what it may not see": (
        Fault.DIVERGED,
        """update job set fields = fields || '{"state": "scheduled"}'""",
    ),
    "a job is gone, and nobody deleted it": (Fault.DIVERGED, "delete from job"),
}
KEPT = ("change", "job", "assignment")


async def test_the_oracle_sees_what_was_tampered_with(
    office: Office, truth: asyncpg.Connection, tmp_path: Path
) -> None:
    async with worked(office, tmp_path) as simulation:
        assert (before := await simulation.verdict()).clean, before.words()
        for table in KEPT:
            await truth.execute(f"create table kept_{table} as select * from {table}")
        for name, (fault, tampering) in TAMPERED.items():
            await truth.execute(tampering)
            verdict = await simulation.verdict()
            assert verdict.count(fault) > 0, f"{name}: {verdict.words()}"
            for table in KEPT:
                await truth.execute(f"delete from {table}; insert into {table} select * from kept_{table}")
        assert (after := await simulation.verdict()).clean, after.words()


async def test_the_oracle_sees_work_that_stays_on_a_phone_and_work_that_left_unanswered(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with worked(office, tmp_path) as simulation:
        assert (before := await simulation.verdict()).clean, before.words()
        monkeypatch.setattr(plans, "LEAST_SETTLING_S", 0.5)
        handset = next(one for one in simulation.phones if one.phone and one.phone.state.jobs)
        assert handset.phone
        handset.phone.link_changed(Link(online=False))
        job = next(iter(handset.phone.state.jobs))
        operation = handset.phone.do(AddComment(uuid7(), "Не уйдёт"), job)
        simulation.journal.make(handset.device, operation)
        stuck = await simulation.verdict()
        handset.phone.link_changed(Link(online=True))
        while handset.phone.unsent:
            await asyncio.sleep(0.01)
        del simulation.journal.outcomes[operation.id]
        unanswered = await simulation.verdict()
    assert counts(stuck) == {Fault.UNSENT: 3}
    assert counts(unanswered)[Fault.LOST] == 1


def counts(verdict: Verdict) -> dict[Fault, int]:
    return {fault: number for fault in Fault if (number := verdict.count(fault))}
