"""When a failing provider rests, and how it is tried again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naryad_pusher.breaker import FAILURES, FIRST_S, LONGEST_S, Breaker

MANY = 100


def opened(at: float = 0.0) -> Breaker:
    breaker = Breaker()
    assert [breaker.failed(at) for _ in range(FAILURES)] == [False] * (FAILURES - 1) + [True]
    return breaker


def test_closed_it_admits_everything() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.failed(0)
    assert breaker.admits(MANY, 50, 0) == MANY


def test_only_failures_in_a_row_open_it() -> None:
    breaker = Breaker()
    for _ in range(10):
        for _ in range(FAILURES - 1):
            assert not breaker.failed(0)
        breaker.succeeded()
    assert breaker.admits(MANY, 0, 0) == MANY


def test_while_it_rests_nothing_is_sent_and_then_one_message_alone() -> None:
    breaker = opened()
    assert breaker.admits(MANY, 0, FIRST_S - 0.01) == 0
    assert breaker.admits(MANY, 3, FIRST_S) == 0  # some are still under way
    assert breaker.admits(MANY, 0, FIRST_S) == 1
    assert breaker.admits(0, 0, FIRST_S) == 0


def test_a_good_probe_closes_it() -> None:
    breaker = opened()
    breaker.succeeded()
    assert breaker.admits(MANY, 50, FIRST_S) == MANY
    assert not breaker.failed(FIRST_S)


def test_bad_probes_double_the_pause_up_to_a_minute() -> None:
    breaker, now, pauses = opened(), 0.0, []
    for _ in range(12):
        began = now
        while breaker.admits(1, 0, now) == 0:
            now += 0.5
        pauses.append(now - began)
        assert breaker.failed(now)  # one is enough
    assert pauses[:6] == [2, 4, 8, 16, 32, 60]
    assert max(pauses) == LONGEST_S == 60


def test_what_was_under_way_when_it_opened_does_not_lengthen_the_pause() -> None:
    breaker = opened()
    for _ in range(95):
        assert not breaker.failed(1.0)
    assert breaker.admits(MANY, 0, FIRST_S) == 1


@pytest.mark.parametrize(("wish", "pause"), [(0, FIRST_S), (30, 30), (3600, LONGEST_S)])
def test_the_providers_wish_is_a_floor_up_to_a_minute(wish: float, pause: float) -> None:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker.failed(0, wish)
    assert breaker.is_resting(pause - 0.01)
    assert not breaker.is_resting(pause)


def test_refused_credentials_open_it_at_once_for_a_minute() -> None:
    breaker = Breaker()
    assert breaker.trip(0)
    assert not breaker.trip(1)
    assert breaker.is_resting(LONGEST_S - 0.01)
    assert breaker.admits(MANY, 0, LONGEST_S) == 1


@given(
    st.lists(
        st.tuples(st.sampled_from(["failed", "succeeded", "trip"]), st.floats(0, 90), st.floats(0, 9999))
    )
)
def test_whatever_happens_it_is_tried_again_within_a_minute(
    history: list[tuple[str, float, float]],
) -> None:
    breaker, now = Breaker(), 0.0
    for what, passed, wish in history:
        now += passed
        match what:
            case "failed":
                breaker.failed(now, wish)
            case "trip":
                breaker.trip(now, wish)
            case _:
                breaker.succeeded()
    assert breaker.admits(MANY, 0, now + LONGEST_S) >= 1
