"""The transition table, against the vectors that the web app runs too."""

from itertools import product

from naryad.domain.states import JobState
from naryad.domain.transitions import Party, may_move
from support.vectors import load

PAIRS = load("transitions")


def test_every_pair_of_states_is_judged_as_the_vectors_say() -> None:
    judged = {
        (one["role"], one["from"], one["to"]): may_move(
            Party(one["role"]), JobState(one["from"]), JobState(one["to"])
        )
        for one in PAIRS
    }
    assert judged == {(one["role"], one["from"], one["to"]): one["allowed"] for one in PAIRS}


def test_the_vectors_leave_no_pair_out() -> None:
    every = {(role.value, old.value, new.value) for role, old, new in product(Party, JobState, JobState)}
    assert sorted((one["role"], one["from"], one["to"]) for one in PAIRS) == sorted(every)
