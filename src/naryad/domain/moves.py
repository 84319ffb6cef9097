"""What a move to another state does to a job's fields."""

from datetime import datetime

from naryad.domain.instant import to_text
from naryad.domain.job import Job
from naryad.domain.json import Json
from naryad.domain.refusals import FieldError, Refusal, Slug
from naryad.domain.states import CLOSED, PLANNED, JobState
from naryad.domain.template import Resolution, Template
from naryad.domain.transitions import Party, may_move

STAMPS = {
    JobState.EN_ROUTE: "en_route_at",
    JobState.STARTED: "started_at",
    JobState.SUSPENDED: "suspended_at",
    JobState.FINISHED: "finished_at",
}


def move(
    job: Job, to: JobState, party: Party, at: datetime, resolution: Resolution | None
) -> dict[str, Json]:
    """The fields to write (null clears) so that `job` is in state `to` since `at`.

    Raises Refusal: impossible-transition or date-required.
    """
    if not may_move(party, job.state, to):
        raise Refusal(
            Slug.IMPOSSIBLE_TRANSITION,
            f"The job is {job.state}; from there the {party} cannot make it {to}.",
            extra={"state": job.state},
        )
    if to not in PLANNED and to is not JobState.CANCELED and job.scheduled_at is None:
        raise Refusal(Slug.DATE_REQUIRED, "Give the job a date first: it cannot be published without one.")
    write: dict[str, Json] = {"state": to}
    stamps = dict(job.fields.get("timestamps") or {})  # type: ignore[arg-type]
    if to in STAMPS and not (to is JobState.STARTED and job.state is JobState.SUSPENDED):
        stamps[STAMPS[to]] = to_text(at)
    if to is JobState.FINISHED:
        write["resolution"] = resolution.as_json() if resolution else None
    if job.state in CLOSED:  # reopened
        stamps.pop("finished_at", None)
        write |= {"resolution": None, "retired": None}
    write["timestamps"] = stamps or None
    return write


def resolution_to_finish(job: Job, template: Template | None, chosen: Resolution | None) -> Resolution | None:
    """The resolution a job is finished with; a template without resolutions asks for none.

    Raises Refusal: resolution-required, or report-incomplete when a successful end lacks required fields.
    """
    if template is None or not template.resolutions:
        return None
    if chosen is None:
        names = ", ".join(one.name for one in template.resolutions)
        raise Refusal(Slug.RESOLUTION_REQUIRED, f"Choose how the job ended: {names}.")
    missing = template.missing(job.fields) if chosen.successful else []
    if missing:
        raise Refusal(
            Slug.REPORT_INCOMPLETE,
            "Fill in first: " + ", ".join(one.name for one in missing) + ".",
            errors=tuple(FieldError(f"/report/{one.key}", "required") for one in missing),
        )
    return chosen
