"""Phones and dispatchers on one server, from the first job to the verdict.

async with running(plan, folder) as simulation:
    async with simulation.at_work():
        await simulation.made(1000)      # and whatever else shall go wrong meanwhile
    verdict = await simulation.verdict()
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from naryad.device.session import Credentials
from naryad_cli.failures import CommandError, Exit
from naryad_cli.simulate.desk import Desk, sign_in
from naryad_cli.simulate.dispatcher import Dispatcher
from naryad_cli.simulate.handset import Handset
from naryad_cli.simulate.journal import Journal
from naryad_cli.simulate.judge import PhoneAtEnd, counted, judge
from naryad_cli.simulate.network import QUALITIES, BadNetwork
from naryad_cli.simulate.plan import Plan
from naryad_cli.simulate.truth import read_truth
from naryad_cli.simulate.verdict import Fault, Finding, Verdict
from naryad_cli.simulate.world import World, dismiss, found

LOOK_S = 0.05
GONE_S = 180.0
"""Without an answer to any phone: longer than phones and desk are patient."""
FIRST_JOBS = 2
"""For each worker, before anybody acts."""


class Simulation:
    def __init__(self, plan: Plan, desk: Desk, world: World, journal: Journal) -> None:
        self.plan, self.desk, self.world, self.journal = plan, desk, world, journal
        self.phones: list[Handset] = []
        self._working = False
        self._over = asyncio.Event()
        self._calm_since: float | None = None

    @property
    def unsent(self) -> int:
        return sum(one.phone.unsent for one in self.phones if one.phone)

    def may_act(self) -> bool:
        """Whether there is work left to do."""
        most = self.plan.operations
        return self._working and (most is None or len(self.journal.made) < most)

    async def made(self, operations: int) -> None:
        """Until the workers have made so many operations in all. Raises CommandError when they cannot."""
        clock = asyncio.get_running_loop().time
        heard, since = self.journal.answers, clock()
        while len(self.journal.made) < operations:
            if self.journal.answers > heard:
                heard, since = self.journal.answers, clock()
            elif clock() - since > GONE_S:
                text = (
                    f"No phone has had an answer for {GONE_S:.0f} s: the server at {self.plan.url} is gone."
                )
                raise CommandError(text, Exit.UNREACHABLE)
            await asyncio.sleep(LOOK_S)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Workers and dispatchers act while the block lasts; what its end leaves is calm."""
        dispatchers = [
            Dispatcher(self.desk, self.world, self.plan.chance(f"dispatcher {number}"))
            for number in range(self.plan.dispatchers)
        ]
        first = Dispatcher(self.desk, self.world, self.plan.chance("first jobs"))
        for _ in range(FIRST_JOBS * len(self.phones)):
            await first.create()
        self._working = True
        async with asyncio.TaskGroup() as desks:
            for number, one in enumerate(dispatchers):
                desks.create_task(self._dispatch(one, number))
            try:
                yield
            finally:
                self._working = False
                self._over.set()
        for phone in self.phones:
            phone.calm()
        for phone in self.phones:
            await phone.network.arrived()
        self._calm_since = asyncio.get_running_loop().time()

    async def verdict(self) -> Verdict:
        """Let everything settle, for two sync periods at most, and judge. Raises CommandError."""
        assert self._calm_since is not None, "work first"
        settled_s = await self._settle(self._calm_since)
        truth = await read_truth(self.desk, self.world)
        phones = [_at_end(one) for one in self.phones]
        findings = judge(self.journal, self.desk.promises, phones, truth)
        if settled_s is None:
            late = sum(not one.in_step_since(self._calm_since) for one in self.phones)
            text = f"{late} phones are not in step {self.plan.settling_s:.0f} s after all faults ended"
            findings.insert(0, Finding(Fault.UNSENT, text))
        results, refusals = counted(self.journal)
        return Verdict(
            seed=self.plan.seed,
            operations=len(self.journal.made),
            results=results,
            refusals=refusals,
            promises=sum(one.kept for one in self.desk.promises),
            changes=sum(map(len, truth.histories.values())),
            jobs=len(truth.histories),
            faults=self.journal.faults,
            settled_s=settled_s,
            findings=findings,
        )

    async def _settle(self, since: float) -> float | None:
        """Seconds until every phone was in step; None when the time was not enough. Nobody is asked to
        sync: the phones must come by themselves. What the last of them brought, all others must fetch.
        """
        loop = asyncio.get_running_loop()
        deadline = since + self.plan.settling_s
        settled = await self._in_step(since, deadline) and await self._in_step(loop.time(), deadline)
        return loop.time() - since if settled else None

    async def _in_step(self, since: float, deadline: float) -> bool:
        """Whether every phone had a sync that began after `since` and left nothing to say, in time."""
        while not all(one.in_step_since(since) for one in self.phones):
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(LOOK_S)
        return True

    async def _dispatch(self, dispatcher: Dispatcher, number: int) -> None:
        chance = self.plan.chance(f"pace of dispatcher {number}")
        while not self._over.is_set():
            await dispatcher.act()
            with suppress(TimeoutError):
                async with asyncio.timeout(chance.uniform(*self.plan.pace.desk) / self.plan.speed):
                    await self._over.wait()


@asynccontextmanager
async def running(plan: Plan, folder: Path) -> AsyncIterator[Simulation]:
    """Found the world, switch the phones on; `folder` is for their stores. Raises CommandError."""
    journal = Journal()
    async with sign_in(plan.url, plan.login, plan.password, journal.faults) as desk:
        world = await found(desk, plan.devices)
        simulation = Simulation(plan, desk, world, journal)
        for number, worker in enumerate(world.workers):
            chance = plan.chance(f"network {number}")
            network = BadNetwork(QUALITIES[plan.network], plan.speed, chance, journal.faults)
            credentials = Credentials(worker.login, worker.password)
            simulation.phones.append(
                Handset(plan, number, folder, credentials, worker.id, network, journal, simulation.may_act)
            )
        try:
            async with asyncio.TaskGroup() as lives:
                tasks = [lives.create_task(one.live()) for one in simulation.phones]
                yield simulation
                for one in tasks:
                    one.cancel()
            await dismiss(desk, world)
        except BaseExceptionGroup as group:
            raise _innermost(group) from group
        finally:
            for phone in simulation.phones:
                await phone.network.shut()


def _innermost(error: BaseException) -> BaseException:
    """What went wrong, out of its groups: a CommandError is to be read, not unwrapped."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _at_end(handset: Handset) -> PhoneAtEnd:
    assert handset.phone is not None, "after the faults every phone is on"
    state = handset.phone.state
    return PhoneAtEnd(
        handset.device,
        handset.worker_id,
        list(state.jobs.values()),
        {str(id): template for id, template in state.templates.items()},
        frozenset(one.id for one in state.outbox),
    )
