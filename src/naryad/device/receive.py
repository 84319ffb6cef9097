"""An answer taken in: the next state, and what to do then.

The caller stores the state in one transaction before it does anything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import assert_never, cast
from uuid import UUID

from naryad.device.answers import Answer, Page, Refused, Unchanged, Unreachable
from naryad.device.held import UnknownJob, merged
from naryad.device.operations import Operation
from naryad.device.outbox import acknowledge, renumber
from naryad.device.requests import Exchange, Request
from naryad.device.state import NOTICES_KEPT, DeviceState, Notice
from naryad.domain.ids import JobId, OperationId, TemplateId
from naryad.domain.json import JsonObject
from naryad.domain.sync_policy import policy_from_json


class Then(Enum):
    """What the driver does after an answer."""

    REST = "wait for the timer"
    AGAIN = "ask again at once"
    SMALLER = "ask again with fewer operations"
    SIGN_IN = "sign in, then ask again"
    BACK_OFF = "ask again later, not before Retry-After"


@dataclass(frozen=True, slots=True)
class Received:
    state: DeviceState
    then: Then
    why: str = ""
    """For the worker, when it did not work."""


def receive(state: DeviceState, request: Request, answer: Answer) -> Received:
    """`state` is the present one: work may have been added since `request` was made from it."""
    match answer:
        case Unchanged():
            return Received(state, Then.REST)
        case Page():
            return _page(state, request, answer)
        case Refused():
            return _refused(state, request, answer)
        case Unreachable(reason):
            return Received(state, Then.BACK_OFF, reason)
        case _:
            assert_never(answer)


def _refused(state: DeviceState, request: Request, answer: Refused) -> Received:
    match answer.status, answer.slug:
        case 401, _:
            return Received(state, Then.SIGN_IN, answer.said)
        case (410, _) | (400, "invalid-cursor") if request.cursor is not None:
            return Received(_expired(state), Then.AGAIN)
        case 409, "operation-gap" | "operation-mismatch" if answer.last_seq is not None:
            return Received(renumber(state, answer.last_seq), Then.AGAIN)
        case 413, _ if isinstance(request, Exchange) and len(request.operations) > 1:
            return Received(state, Then.SMALLER)
        case 413, _ if isinstance(request, Exchange) and request.operations:
            return Received(_never_fits(state, request.operations[0], answer), Then.AGAIN)
        case _:
            return Received(state, Then.BACK_OFF, answer.said)


def _page(state: DeviceState, request: Request, page: Page) -> Received:
    sent = request.operations if isinstance(request, Exchange) else ()
    if page.acknowledged is not None:
        known = {OperationId(UUID(cast(str, one["id"]))) for one in page.results}
        state = acknowledge(_noticed(state, sent, page), page.acknowledged, known)
    if isinstance(request, Exchange):
        state = replace(state, told=request.health)
    if state.cursor != request.cursor:  # an answer to a question asked from elsewhere
        return Received(state, Then.AGAIN)
    try:
        state = _downloaded(state, page)
    except UnknownJob:  # never seen; if the phone lost something it says what it still has
        return Received(_expired(state), Then.AGAIN)
    unsent = state.outbox and sent  # made meanwhile, or beyond one request's measure
    return Received(_swept(state), Then.AGAIN if page.more or unsent else Then.REST)


def _downloaded(state: DeviceState, page: Page) -> DeviceState:
    jobs, gone = dict(state.jobs), dict(state.gone)
    for sent in page.jobs:
        job = merged(jobs, sent)
        jobs[job.id] = job
        gone.pop(job.id, None)
    for id in (JobId(UUID(text)) for text in page.removed):
        if id in jobs:
            gone[id] = jobs.pop(id)
    templates = dict(state.templates)
    for template in page.templates:
        templates[TemplateId(UUID(cast(str, template["id"])))] = template
    policy = state.policy if page.policy is None else policy_from_json(page.policy)
    return replace(
        state,
        cursor=page.cursor,
        expired=False,
        jobs=jobs,
        gone=gone,
        templates=templates,
        policy=policy,
    )


def _expired(state: DeviceState) -> DeviceState:
    """The cursor is worth nothing; what is held is, and the next request says what that is."""
    return replace(state, cursor=None, expired=True)


def _swept(state: DeviceState) -> DeviceState:
    """Forget jobs taken away that nothing speaks of any more."""
    spoken_of = {one.job_id for one in state.outbox}
    spoken_of |= {notice.operation.job_id for notice in state.notices.values()}
    if state.gone.keys() <= spoken_of:
        return state
    return replace(state, gone={id: job for id, job in state.gone.items() if id in spoken_of})


def _noticed(state: DeviceState, sent: Sequence[Operation], page: Page) -> DeviceState:
    notices = dict(state.notices)
    by_id = {one.id: one for one in sent}
    for result in page.results:
        operation = by_id.get(OperationId(UUID(cast(str, result["id"]))))
        notice = operation and _notice(operation, result, page.server_time)
        if notice:
            notices.setdefault(notice.operation.id, notice)
    newest = list(notices.items())[-NOTICES_KEPT:]
    return replace(state, notices=dict(newest)) if notices.keys() != state.notices.keys() else state


def _notice(operation: Operation, result: JsonObject, at: str) -> Notice | None:
    """What the worker must hear of one result. A duplicate tells what became of it the first time."""
    status = result.get("original_status") if result["status"] == "duplicate" else result["status"]
    lost = tuple(cast("list[str]", result.get("lost") or []))
    overrode = tuple(cast("list[str]", result.get("overrode") or []))
    problem = cast("JsonObject | None", result.get("problem"))
    if status == "rejected":
        return Notice(operation, "rejected", lost, overrode, problem, at)
    if status == "late":
        return Notice(operation, "late", lost, overrode, problem, at)
    if lost:
        return Notice(operation, "lost", lost, overrode, problem, at)
    return Notice(operation, "overrode", lost, overrode, problem, at) if overrode else None


def _never_fits(state: DeviceState, operation: Operation, answer: Refused) -> DeviceState:
    """One operation that the server will not even read must not hold up the others: it becomes a notice,
    and what follows is numbered anew, for the server never counted it."""
    notice = Notice(operation, "rejected", problem=answer.problem)
    others = tuple(one for one in state.outbox if one.id != operation.id)
    kept = replace(state, outbox=others, notices={**state.notices, operation.id: notice})
    return renumber(kept, operation.seq - 1)


def dismiss(state: DeviceState, operation: OperationId) -> DeviceState:
    """The worker has read a notice."""
    notices = {id: notice for id, notice in state.notices.items() if id != operation}
    return _swept(replace(state, notices=notices))
