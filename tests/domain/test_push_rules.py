"""R14 to R17: who is told of which change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.jobs import MADE, fields_of, job_of, person
from naryad.domain.change import Actor, ActorKind, Change, ChangeKind, FieldChange, difference
from naryad.domain.ids import UserId
from naryad.domain.instant import from_text
from naryad.domain.json import Json, JsonObject
from naryad.domain.push_rules import Reason, Recipient, reason_to_push, strongest
from naryad.domain.states import JobState
from support.vectors import load, named

VECTORS = load("push_rules")
HANDS = {
    "desk": Actor(ActorKind.USER, UserId(UUID(int=9)), "Диспетчер"),
    "key": Actor(ActorKind.API_KEY, UserId(UUID(int=8)), "1С"),
    "system": Actor(ActorKind.SYSTEM, None, "Naryad"),
    "ivan": Actor(ActorKind.USER, person("ivan"), "Иван"),
    "olga": Actor(ActorKind.USER, person("olga"), "Ольга"),
}


@named(VECTORS["cases"])
def test_reason(case: dict[str, Any]) -> None:
    zone, now = ZoneInfo(case.get("zone", VECTORS["zone"])), from_text(case.get("now", VECTORS["now"]))
    found = reason(case["was"], case["is"], case.get("by", "desk"), zone, now, case.get("lost"))
    assert found == case["reason"]


days = st.sampled_from([None, *(f"2026-11-{day}T07:00:00Z" for day in (22, 23, 24, 25, 26))])
jobs = st.fixed_dictionaries(
    {
        "state": st.sampled_from(list(JobState)),
        "scheduled_at": days,
        "scheduled_duration": st.sampled_from([0, 60, 2880]),
        "description": st.sampled_from([None, "а", "б"]),
        "assigned": st.sampled_from([[], ["ivan"], ["olga"], ["olga", "ivan"]]),
    }
)


@given(was=st.none() | jobs, becomes=jobs, by=st.sampled_from(sorted(HANDS)))
def test_whatever_changes_nobody_is_told_in_vain(
    was: dict[str, Any] | None, becomes: dict[str, Any], by: str
) -> None:
    told = reason(was, becomes, by, ZoneInfo("Europe/Moscow"), from_text(VECTORS["now"]))
    if by == "ivan" or was == becomes or "ivan" not in becomes["assigned"]:
        assert told is None
    if becomes["state"] in ("posted", "scheduled"):
        assert told is None
    starts_after_today = becomes["scheduled_at"] is None or becomes["scheduled_at"] > "2026-11-24T21"
    short_and_before = (becomes["scheduled_at"] or "9") < "2026-11-23T21" and becomes[
        "scheduled_duration"
    ] < 2880
    if starts_after_today or short_and_before:
        assert told is None


def test_the_strongest_reason_is_named() -> None:
    assert strongest([Reason.CHANGED, Reason.STATE, Reason.ASSIGNED]) is Reason.ASSIGNED
    assert strongest([Reason.CHANGED, Reason.STATE]) is Reason.STATE
    assert strongest([Reason.CHANGED]) is Reason.CHANGED


def reason(
    was: Mapping[str, Any] | None,
    becomes: Mapping[str, Any],
    by: str,
    zone: ZoneInfo,
    now: datetime,
    lost: JsonObject | None = None,
) -> Reason | None:
    """Why Ivan is told when a job of `base` and `was` becomes what `becomes` says."""
    after = {**VECTORS["base"], **(was or {}), **becomes}
    new = _fields(after)
    old: JsonObject = {} if was is None else _fields({**VECTORS["base"], **was})
    steps: dict[str, FieldChange] = difference(old, new)
    for name, value in (lost or {}).items():
        steps[name] = {"old": new.get(name), "new": new.get(name), "lost": value}
    kind = ChangeKind.CREATED if was is None else ChangeKind.EDITED
    job = job_of(new)
    change = Change(1, kind, job.id, steps, HANDS[by], False, MADE, MADE)
    return reason_to_push(change, job, Recipient(person("ivan"), zone), now)


def _fields(members: Mapping[str, Any]) -> JsonObject:
    plain: dict[str, Json] = {name: value for name, value in members.items() if name != "assigned"}
    return fields_of(plain, members["assigned"])
