"""The conflict card of an operation, where its result asks for one."""

from naryad.actions.ledger import Ledger
from naryad.actions.operations import Hand, Outcome
from naryad.db import history
from naryad.domain.conflict import AboutJob, Conflict, Sides, kind_of, sides
from naryad.domain.ids import ConflictId, JobId, OperationId
from naryad.domain.json import JsonObject
from naryad.domain.operation import Operation, corrected, job_named, time_named, wanted
from naryad.uuid7 import uuid7


async def card_of(
    ledger: Ledger, hand: Hand, id: OperationId, body: JsonObject, outcome: Outcome
) -> Conflict | None:
    """None when nobody needs to look at it. `body` is the operation as it came, readable or not."""
    kind = kind_of(outcome.status, outcome.overrode, outcome.lost)
    if kind is None:
        return None
    assert hand.actor.device_id is not None
    happened_at = time_named(body)
    return Conflict(
        id=ConflictId(uuid7()),
        kind=kind,
        job=await _about(ledger, job_named(body)),
        worker_id=hand.worker,
        device_id=hand.actor.device_id,
        operation_id=id,
        operation=body,
        fields=outcome.sides,
        problem=outcome.problem,
        version=outcome.version,
        happened_at=corrected(happened_at, hand.skew, ledger.now) if happened_at else ledger.now,
        recorded_at=ledger.now,
    )


async def refused_sides(ledger: Ledger, operation: Operation | None) -> dict[str, Sides]:
    """What the job holds, and what the worker wanted; nothing of an operation that cannot be read."""
    if operation is None:
        return {}
    job = await ledger.job(operation.job_id)
    return sides(job.fields if job else {}, {}, (), wanted(operation.intent))


async def _about(ledger: Ledger, job_id: JobId | None) -> AboutJob | None:
    """The job a card speaks of, deleted or not; None when the account never had it."""
    if job_id is None:
        return None
    job = await ledger.job(job_id)
    number = job.number if job else await history.number_of(ledger.connection, ledger.account.id, job_id)
    return None if number is None else AboutJob(job_id, number)
