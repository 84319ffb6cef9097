"""Fills the demo account. A second start adds nothing, but a new day gets its own jobs."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from naryad.actions.jobs import create_job, move_job
from naryad.actions.ledger import Stores
from naryad.actions.sessions import end_session, sign_in
from naryad.actions.sync import Sent, apply_operations
from naryad.db import jobs
from naryad.db.devices import Device
from naryad.domain.change import Actor, ActorKind
from naryad.domain.ids import DeviceId, JobId, OperationId
from naryad.domain.instant import to_text
from naryad.domain.job import Job
from naryad.domain.json import Json
from naryad.domain.states import JobState
from naryad.uuid7 import uuid7
from naryad_cli.demo.day import PlannedJob, Step, plan_day
from naryad_cli.demo.people import PASSWORD, WORKERS, Crew, ensure_crew
from naryad_cli.demo.templates import ensure_templates


async def seed(stores: Stores, now: datetime) -> Crew:
    """People, templates and today's jobs, as far as they are not there. Raises CommandError."""
    crew = await ensure_crew(stores)
    await ensure_templates(stores, crew)
    *most, last = plan_day(crew, now)
    # While the last one is missing, there was no seeding today, or it was cut short.
    if await _held(stores, crew, last) is None:
        for job in most:
            if await _held(stores, crew, job) is None:
                await _create(stores, crew, job)
        for login in WORKERS:
            await _work(stores, crew, login, [job for job in most if job.worker == login and job.steps])
        await _create(stores, crew, last)
    return crew


async def _held(stores: Stores, crew: Crew, planned: PlannedJob) -> Job | None:
    async with stores.database.snapshot(crew.account_id) as connection:
        job_id = await jobs.id_of_external(connection, crew.account_id, planned.key)
        return (await jobs.get(connection, crew.account_id, [job_id])).get(job_id) if job_id else None


async def _create(stores: Stores, crew: Crew, planned: PlannedJob) -> None:
    job = await create_job(
        stores, crew.account_id, crew.admin, JobId(uuid7()), planned.fields, planned.first_state
    )
    if planned.canceled:
        await move_job(stores, crew.account_id, crew.admin, job.id, JobState.CANCELED, None)


async def _work(stores: Stores, crew: Crew, login: str, planned: list[PlannedJob]) -> None:
    """What the worker has done today so far, sent by the phone as any phone would."""
    held = [(job, one) for one in planned if (job := await _held(stores, crew, one))]
    steps = sorted(
        ((step, job) for job, one in held if job.state is JobState.PUBLISHED for step in one.steps),
        key=lambda pair: pair[0].happened_at,
    )
    if not steps:
        return
    worker = crew.workers[login]
    name, time_zone = WORKERS[login]
    device = Device(device_of(crew, login), name, "android", None, None, time_zone)
    session = await sign_in(stores, login, PASSWORD, "bearer", device)
    assert session.last_seq is not None
    sent = [_operation(seq, step, job) for seq, (step, job) in enumerate(steps, session.last_seq + 1)]
    by = Actor(ActorKind.USER, worker, name, device.id)
    await apply_operations(stores, crew.account_id, by, worker, device.id, sent, skew=timedelta())
    await end_session(stores, crew.account_id, session.session_id)


def _operation(seq: int, step: Step, job: Job) -> Sent:
    body: dict[str, Json] = {
        **step.body,
        "job_id": str(job.id),
        "base_version": job.version,
        "happened_at": to_text(step.happened_at),
    }
    return Sent(seq, OperationId(uuid7()), body)


def device_of(crew: Crew, login: str) -> DeviceId:
    """The id of a demo worker's phone: the same at every start of one installation."""
    return DeviceId(uuid5(NAMESPACE_URL, f"{crew.account_id}/{login}"))
