"""Directed scenes, each the shortest way into one danger. A good build comes out of all of them."""

from collections.abc import Awaitable, Callable
from functools import partial

from naryad.device.operations import SetReport
from support.air import Fault
from support.company import Company
from support.desk_work import Create, Edit
from support.pocket import Pocket
from support.verdict import expect

Scene = Callable[[Company], Awaitable[None]]

IVANS = 1
"""The crew of Ivan alone."""


async def two_desks_write_at_once(company: Company) -> None:
    """A phone syncs while one of two concurrent writers has committed, or neither."""
    await company.at_once(Create(IVANS), Create(IVANS), company.pockets[0])
    await company.settle()


async def the_server_dies_at_the_commit(company: Company) -> None:
    """An operation is written, then the database is gone before the commit."""
    pocket = await _with_a_job(company)
    pocket.work(0, SetReport({"meter": 1}))
    expect(not await pocket.sync([Fault.DIES_AT_COMMIT]), "a failed commit was answered as a success")
    await company.settle()


async def the_server_dies_after_the_commit(company: Company) -> None:
    """Committed, never answered; before the phone repeats it, the desk writes something else."""
    pocket = await _with_a_job(company)
    pocket.work(0, SetReport({"meter": 1}))
    await pocket.sync([Fault.DIES_AFTER_COMMIT])
    await company.at_desk(0, Edit(0, {"report": {"meter": 2}}))
    await company.settle()


async def the_server_dies_after_the_answer(company: Company) -> None:
    """The phone forgets what was acknowledged; it must be there."""
    pocket = await _with_a_job(company)
    pocket.work(0, SetReport({"meter": 1}))
    await pocket.sync([Fault.DIES_AFTER_ANSWER])
    await company.check()
    await company.settle()


async def news_while_the_worker_works_on(company: Company) -> None:
    """Work is saved while an answer with news is on its way."""
    pocket = await _with_a_job(company)
    pocket.work(0, SetReport({"meter": 1}))
    edit = partial(company.at_desk, 0, Edit(0, {"description": "Срочно"}))

    async def works_on() -> None:
        pocket.work(0, SetReport({"note": "Тут"}))

    await pocket.sync(before=[edit], after=[works_on])
    await company.settle()


async def pages_of_jobs_that_changed_twice(company: Company) -> None:
    """The first change of a job is below the cursor of the first page, the second above it."""
    pocket = await _with_a_job(company)
    for _ in range(2):
        await company.at_desk(0, Create(IVANS))
    await pocket.sync()
    for n in range(3):
        await company.at_desk(0, Edit(n, {"description": "Срочно"}))
    await company.at_desk(1, Edit(0, {"type": "Замена"}))
    await pocket.sync()
    await company.settle()


async def _with_a_job(company: Company) -> Pocket:
    await company.at_desk(0, Create(IVANS))
    pocket = company.pockets[0]
    expect(await pocket.sync() and pocket.state.jobs, "the job is not on the phone")
    return pocket


SCENES: tuple[Scene, ...] = (
    two_desks_write_at_once,
    the_server_dies_at_the_commit,
    the_server_dies_after_the_commit,
    the_server_dies_after_the_answer,
    news_while_the_worker_works_on,
    pages_of_jobs_that_changed_twice,
)
