"""Who may move a job from which state to which: the one transition table (DESIGN 2).

Posted and scheduled follow `scheduled_at`: setting or clearing the date moves between them,
so they are never asked for by name, and unpublishing returns a dated job to scheduled.
Both clients run the same vectors, `tests/vectors/transitions.json`.
"""

from enum import StrEnum
from typing import assert_never

from naryad.domain.states import JobState

P, S, PUB, E, ST, SU, F, C = (
    JobState.POSTED,
    JobState.SCHEDULED,
    JobState.PUBLISHED,
    JobState.EN_ROUTE,
    JobState.STARTED,
    JobState.SUSPENDED,
    JobState.FINISHED,
    JobState.CANCELED,
)


class Party(StrEnum):
    """The two sides of a job: the worker with the phone, the desk with the plan."""

    WORKER = "worker"
    DISPATCHER = "dispatcher"


WORKER: dict[JobState, frozenset[JobState]] = {
    P: frozenset(),
    S: frozenset(),
    PUB: frozenset({E, ST}),
    E: frozenset({ST, SU}),
    ST: frozenset({SU, F}),
    SU: frozenset({E, ST, F}),
    F: frozenset(),
    C: frozenset(),
}

DISPATCHER: dict[JobState, frozenset[JobState]] = {
    P: frozenset({PUB, C}),  # publishing a job without a date is refused with `date-required`
    S: frozenset({PUB, C}),
    PUB: frozenset({S, F, C}),
    E: frozenset({S, F, C}),
    ST: frozenset({F, C}),
    SU: frozenset({F, C}),
    F: frozenset({PUB}),
    C: frozenset({PUB}),
}


def may_move(party: Party, old: JobState, new: JobState) -> bool:
    """Whether `party` may move a job from `old` to `new`. Staying is not a move."""
    match party:
        case Party.WORKER:
            return new in WORKER[old]
        case Party.DISPATCHER:
            return new in DISPATCHER[old]
        case _:
            assert_never(party)
