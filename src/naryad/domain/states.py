"""The eight states of a job, and which of them a phone holds."""

from enum import StrEnum


class JobState(StrEnum):
    POSTED = "posted"  # no date yet
    SCHEDULED = "scheduled"  # dated, not on the phone yet
    PUBLISHED = "published"  # on the phone
    EN_ROUTE = "en_route"
    STARTED = "started"
    SUSPENDED = "suspended"  # shown as "Paused"
    FINISHED = "finished"
    CANCELED = "canceled"


PLANNED = frozenset({JobState.POSTED, JobState.SCHEDULED})
"""States before publishing: the job is the desk's alone."""

UNDER_WAY = frozenset({JobState.EN_ROUTE, JobState.STARTED, JobState.SUSPENDED})
"""R16: an edit of such a job is worth a push."""

CLOSED = frozenset({JobState.FINISHED, JobState.CANCELED})
"""The work is over; the job leaves the phone some days later."""
