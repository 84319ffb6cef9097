"""The sync engine over the real database: whatever happens, in whatever order, nothing is lost, nothing is
done twice, and every phone ends with what the database says (`support.oracle`).

Again with the same draws: NARYAD_SEED=<the printed seed>, or the `@reproduce_failure` line that is printed,
put above `class Proof`. NARYAD_PROOF_SHRINK=1 looks for a shorter failure, which takes minutes;
NARYAD_PROOF_EXAMPLES=200 looks for longer.
"""

import os
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from support.air import Fault
from support.company import Company
from support.desk_work import Create, DeskWork, Edit
from support.drawn import desk_works, faults, numbers, plans, to_do
from support.ground import Ground
from support.intrusion import intrude

PHONE = ["crash", "back up", "restore", "reinstall", "replace"]
HOUSE = ["back up", "restore", "restore", "cursors", "sessions", "template", 1, 15, 60]
"""Numbers are the days after which a sweep runs."""

phones = st.integers(0, 2)
some_desk_works = st.lists(desk_works, max_size=3)


class Proof(RuleBasedStateMachine):
    """Rules are what can happen. Checked after each: `Company.check`; after each answer: the phone holds what
    the database says; in the end, when faults have ended: `Company.settle`."""

    ground: ClassVar[Ground]
    neighbours: ClassVar[Company]

    def __init__(self) -> None:
        super().__init__()
        self.founding = self.ground.company()
        self.company = self.founding.__enter__()
        self.broken = False
        for crew in (1, 3, 2):
            self.does(self.company.at_desk, 0, Create(crew))

    def teardown(self) -> None:
        try:
            if not self.broken:
                self.does(self.company.settle)
        finally:
            self.founding.__exit__(None, None, None)

    def does(self, what: Callable[..., Awaitable[object]] | Callable[..., object], *details: Any) -> None:
        self.broken = True
        self.ground.portal.call(what, *details)
        self.ground.portal.call(self.company.check)
        self.broken = False

    @rule(desk=st.integers(0, 1), work=desk_works)
    def at_desk(self, desk: int, work: DeskWork) -> None:
        self.does(self.company.at_desk, desk, work)

    @rule(first=desk_works, second=desk_works, phone=phones)
    def two_desks_at_once(self, first: DeskWork, second: DeskWork, phone: int) -> None:
        self.does(self.company.at_once, first, second, self.company.pockets[phone])

    @rule(phone=phones, to_do=to_do)
    def offline_work(self, phone: int, to_do: list[Any]) -> None:
        for n, work in to_do:
            self.does(self.company.pockets[phone].work, n, work)

    @rule(phone=phones, faults=faults, before=some_desk_works, after=some_desk_works)
    def sync(self, phone: int, faults: list[Fault], before: list[DeskWork], after: list[DeskWork]) -> None:
        """The desks write between the pages, and between a request and its answer."""
        at_desk = self.company.at_desk
        events = [[partial(at_desk, 0, work) for work in works] for works in (before, after)]
        self.does(self.company.pockets[phone].sync, faults, *events)
        self.does(self.company.check_history)

    @rule(phone=phones, faults=faults, first=to_do, meanwhile=to_do)
    def sync_while_working(
        self, phone: int, faults: list[Fault], first: list[Any], meanwhile: list[Any]
    ) -> None:
        """The worker works on while requests are away."""
        pocket = self.company.pockets[phone]
        for n, work in first:
            self.does(pocket.work, n, work)

        async def works(n: int, work: Any) -> None:
            pocket.work(n, work)

        self.does(pocket.sync, faults, [], [partial(works, *one) for one in meanwhile])
        self.does(self.company.check_history)

    @rule(phone=phones, what=st.sampled_from(PHONE))
    def the_phone(self, phone: int, what: str) -> None:
        pocket = self.company.pockets[phone]
        received = self.ground.portal.call(self.company.received)
        match what:
            case "crash":
                self.does(pocket.crash)
            case "back up":
                self.does(pocket.back_up)
            case "restore":
                self.does(pocket.restore_backup, received)
            case "reinstall":
                self.does(partial(pocket.reinstall, same_device=True), received)
            case "replace":
                self.does(partial(pocket.reinstall, same_device=False), received)

    @rule(phone=phones)
    def an_old_request_arrives(self, phone: int) -> None:
        self.does(self.company.pockets[phone].air.deliver_delayed)

    @rule(n=numbers, edit=plans)
    def the_neighbours(self, n: int, edit: dict[str, Any]) -> None:
        """Another company goes about its business, and reaches for a job of this one."""
        self.does(self.neighbours.at_desk, 0, Edit(n, edit))
        self.does(self.neighbours.pockets[0].sync)
        self.does(intrude, self.neighbours, self.company, n)

    @rule(what=st.sampled_from(HOUSE), phone=phones)
    def in_the_house(self, what: str | int, phone: int) -> None:
        match what:
            case "cursors":
                self.does(self.company.lose_cursors)
            case "back up":
                self.does(self.company.back_up)
            case "restore":
                self.does(self.company.restore)
            case "sessions":
                self.does(self.company.end_sessions, self.company.pockets[phone])
            case "template":
                self.does(self.company.rename_template, f"Счётчик {phone}")
            case int(days):
                self.does(self.company.sweep, days)


def test_whatever_happens_everything_comes_to_rest_as_promised(ground: Ground) -> None:
    number = int(os.environ.get("NARYAD_SEED", random.SystemRandom().randrange(10**6)))
    print(f"NARYAD_SEED={number}")
    with ground.company(("ivan",)) as neighbours:
        for _ in range(3):
            ground.portal.call(neighbours.at_desk, 0, Create(1))
        Proof.ground, Proof.neighbours = ground, neighbours
        run_state_machine_as_test(
            seed(number)(Proof),
            settings=settings(
                max_examples=int(os.environ.get("NARYAD_PROOF_EXAMPLES", 16)),
                stateful_step_count=30,
                deadline=None,
                print_blob=True,
                phases=[Phase.generate, *([Phase.shrink] if "NARYAD_PROOF_SHRINK" in os.environ else [])],
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
        ground.portal.call(neighbours.settle)
