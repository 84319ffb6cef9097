"""Which workers hold a job on their phones."""

from naryad.domain.ids import UserId
from naryad.domain.job import Job
from naryad.domain.states import PLANNED


def viewers(job: Job | None) -> frozenset[UserId]:
    """The workers on whose phones the job is: assigned, published or later, not yet retired.

    None stands for a job that does not exist (not yet, or deleted).
    """
    if job is None or job.state in PLANNED or job.retired:
        return frozenset()
    return frozenset(one.worker_id for one in job.assignees)
