"""What the screen shows: the job as the server has it, with the pending operations replayed on top.

Downloads are applied while uploads are pending; nothing the worker did disappears meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never, cast

from naryad.device.held import HeldJob
from naryad.device.operations import AddComment, AddPhoto, Operation, RemovePhoto, SetReport, SetState
from naryad.device.state import DeviceState
from naryad.domain.ids import JobId
from naryad.domain.json import Json, JsonObject
from naryad.domain.moves import STAMPS
from naryad.domain.states import JobState
from naryad.domain.transitions import WORKER, Party, may_move


@dataclass(frozen=True, slots=True)
class JobView:
    job: HeldJob
    """Fields after the replay; `version` is the server's."""
    unsent: frozenset[str]
    """Names of the fields that show something not yet sent."""
    doubtful: frozenset[str]
    """Of those, what the server will probably refuse: a move that the table does not know."""
    gone: bool
    """Taken away meanwhile; shown because work for it is still unsent or a notice unread."""

    @property
    def next_states(self) -> frozenset[JobState]:
        """Where the worker may move the job from here."""
        return frozenset() if self.gone else WORKER[self.job.state]


def view(state: DeviceState, job_id: JobId) -> JobView | None:
    """One job as the worker sees it; None when the phone does not have it."""
    held = state.held(job_id)
    if held is None:
        return None
    fields: dict[str, Json] = dict(held.fields)
    unsent: set[str] = set()
    doubtful: set[str] = set()
    for operation in state.outbox:
        if operation.job_id != job_id:
            continue
        changes = _replayed(state, held, fields, operation)
        if changes is None:
            doubtful.add("state")
            continue
        unsent.update(changes)
        for name, value in changes.items():
            if value is None:
                fields.pop(name, None)
            else:
                fields[name] = value
    job = HeldJob(held.id, held.version, fields)
    return JobView(job, frozenset(unsent), frozenset(doubtful), gone=job_id not in state.jobs)


def views(state: DeviceState) -> dict[JobId, JobView]:
    """All jobs of the list. Those taken away are not in it; their notices lead to them."""
    return {id: shown for id in state.jobs if (shown := view(state, id)) is not None}


def _replayed(
    state: DeviceState, held: HeldJob, fields: JsonObject, operation: Operation
) -> dict[str, Json] | None:
    """The fields that one operation sets; None for a move that is impossible from here."""
    match operation.work:
        case SetState(to, resolution_id):
            since = JobState(cast(str, fields["state"]))
            if not may_move(Party.WORKER, since, to):
                return None
            stamps = dict(cast("JsonObject", fields.get("timestamps") or {}))
            if not (since is JobState.SUSPENDED and to is JobState.STARTED):  # resuming is not starting
                stamps[STAMPS[to]] = operation.happened_at
            changes: dict[str, Json] = {"state": to, "timestamps": stamps}
            if resolution_id is not None:
                changes["resolution"] = _resolution(state, held, str(resolution_id))
            return changes
        case SetReport(entered):
            return {f"report.{key}": value for key, value in entered.items()}
        case AddComment(id, text):
            said = {"id": str(id), "text": text, "happened_at": operation.happened_at}
            return {f"comments.{id}": said}
        case AddPhoto(id, record):
            return {f"photos.{id}": {"id": str(id), **record, "state": "expected"}}
        case RemovePhoto(photo_id):
            return {f"photos.{photo_id}": None}
        case _:
            assert_never(operation.work)


def _resolution(state: DeviceState, held: HeldJob, id: str) -> JsonObject:
    """The resolution as the server will show it, from the template; its id alone if that is not here."""
    template = state.templates.get(held.template_id) if held.template_id else None
    offered = cast("list[Mapping[str, Json]]", (template or {}).get("resolutions") or [])
    return next((one for one in offered if one["id"] == id), {"id": id})
