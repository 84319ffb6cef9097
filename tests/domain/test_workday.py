"""R14: the worker's day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naryad.domain.instant import from_text
from naryad.domain.workday import end_of_day, is_today, is_zone, zone_of
from support.vectors import load, named

VECTORS = load("workday")

ODD_ZONES = [
    "Europe/Moscow",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "America/Havana",
    "America/Nuuk",
    "America/Scoresbysund",
    "Atlantic/Azores",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Tehran",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
]

SOME_DAY = datetime(2020, 1, 1, tzinfo=UTC)
instants = st.integers(0, 18 * 365 * 1440).map(lambda passed: SOME_DAY + timedelta(minutes=passed))


@named(VECTORS["is_today"])
def test_is_today(case: dict[str, Any]) -> None:
    zone, now, start = ZoneInfo(case["zone"]), from_text(case["now"]), from_text(case["scheduled_at"])
    assert is_today(start, case["minutes"], zone, now) is case["today"]


@named(VECTORS["end_of_day"])
def test_end_of_day(case: dict[str, Any]) -> None:
    assert end_of_day(ZoneInfo(case["zone"]), from_text(case["now"])) == from_text(case["end"])


@named(VECTORS["zones"])
def test_zone_names(case: dict[str, Any]) -> None:
    assert is_zone(case["name"]) is case["valid"]


@pytest.mark.parametrize("case", VECTORS["zone_of"])
def test_the_workers_own_zone_counts_before_the_accounts(case: dict[str, Any]) -> None:
    assert zone_of(case["worker"], case["account"]).key == case["zone"]


@given(
    zone=st.sampled_from(ODD_ZONES).map(ZoneInfo),
    now=instants,
    distance=st.integers(-2 * 1440, 2 * 1440),
    minutes=st.integers(0, 1500),
)
def test_is_today_as_a_walk_over_every_minute_says(
    zone: ZoneInfo, now: datetime, distance: int, minutes: int
) -> None:
    """Offsets are whole minutes, so each minute of a plan lies in one day."""
    start = now + timedelta(minutes=distance)
    assert is_today(start, minutes, zone, now) is any_minute_is_today(start, minutes, zone, now)


@pytest.mark.parametrize("name", ODD_ZONES)
@pytest.mark.parametrize("year", [2026, 2027])
def test_days_join_without_gap_or_overlap(name: str, year: int) -> None:
    """All days of a year, their changes of the clock among them."""
    zone = ZoneInfo(name)
    end = datetime(year, 1, 1, tzinfo=zone).astimezone(UTC)
    while end.year <= year:
        start, end = end, end_of_day(zone, end)
        day = start.astimezone(zone).date()
        assert end_of_day(zone, end - timedelta(microseconds=1)) == end
        assert timedelta(hours=23) <= end - start <= timedelta(hours=25) or name == "Antarctica/Troll"
        assert end.astimezone(zone).date() == day + timedelta(days=1)


def any_minute_is_today(start: datetime, minutes: int, zone: ZoneInfo, now: datetime) -> bool:
    today: date = now.astimezone(zone).date()
    walked = (start + timedelta(minutes=passed) for passed in range(max(1, minutes)))
    return any(one.astimezone(zone).date() == today for one in walked)
