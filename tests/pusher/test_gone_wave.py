"""Which refusals of tokens are removed apps, and which are too many to be."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from naryad.domain.ids import DeviceId
from naryad_pusher.gone_wave import IN_A_ROW, MOST, WINDOW, GoneWave


def phone(number: int) -> DeviceId:
    return DeviceId(UUID(int=number))


def retired(answers: str) -> int:
    """How many registrations are lost to these answers of phone 0, 1, 2 …: `.` taken, `x` gone."""
    wave, lost = GoneWave(), 0
    for number, answer in enumerate(answers):
        wave.note(phone(number), gone=answer == "x")
        lost += answer == "x" and not wave.is_rolling
    return lost


def test_removed_apps_among_many_are_retired() -> None:
    assert retired(("." * 9 + "x") * 100) == 100
    assert retired("." * 50 + "x" * (IN_A_ROW - 1) + "." * 50) == IN_A_ROW - 1
    assert retired("x") == 1


def test_when_every_token_is_refused_almost_all_stay() -> None:
    assert retired("x" * 10_000) == IN_A_ROW - 1
    assert retired("." * 100 + "x" * 10_000) == IN_A_ROW - 1


def test_when_every_third_token_is_refused_no_more_than_a_few_are_lost() -> None:
    assert retired("..x" * 10_000) == MOST


def test_it_ends_when_tokens_are_taken_again() -> None:
    wave = GoneWave()
    for number in range(WINDOW):
        wave.note(phone(number), gone=True)
    assert wave.is_rolling
    for number in range(WINDOW - MOST):
        assert wave.is_rolling
        wave.note(phone(1_000 + number), gone=False)
    assert not wave.is_rolling


def test_one_removed_app_with_many_jobs_is_no_wave() -> None:
    wave = GoneWave()
    for _ in range(1_000):
        wave.note(phone(1), gone=True)
    assert not wave.is_rolling


@given(st.lists(st.booleans(), max_size=400))
def test_among_any_hundred_phones_no_more_than_so_many_are_lost(answers: list[bool]) -> None:
    wave, lost = GoneWave(), []
    for number, gone in enumerate(answers):
        wave.note(phone(number), gone=gone)
        lost.append(gone and not wave.is_rolling)
    for start in range(len(lost)):
        assert sum(lost[start : start + WINDOW]) <= MOST
