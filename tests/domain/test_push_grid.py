"""R14 to R17 over reason, state, both dates, hand and time zone: a table says what is told, not the code."""

from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.jobs import fields_of, job_of, person
from domain.test_push_rules import HANDS
from naryad.domain.change import Actor, Change, ChangeKind, difference
from naryad.domain.ids import DeviceId
from naryad.domain.instant import from_text
from naryad.domain.json import JsonObject
from naryad.domain.push_rules import Recipient, reason_to_push, reason_to_wake
from naryad.uuid7 import uuid7
from support.vectors import load

GRID = load("push_rules_grid")
PHONE = DeviceId(uuid7())
Told = tuple[str | None, str | None]
"""Why Ivan is told, and why his other devices wake."""


@pytest.mark.parametrize("day", GRID["days"], ids=lambda day: day["name"])
@pytest.mark.parametrize("change", GRID["changes"], ids=lambda change: change["name"])
def test_grid(change: dict[str, Any], day: dict[str, Any]) -> None:
    plans = day["plans"]
    moves = product(plans, plans) if change.get("moves") else ((one, one) for one in plans)
    for old, new in moves:
        for hand in GRID["hands"]:
            wanted = by_the_table(change, old, new, hand)
            assert told(change, day, old, new, hand) == wanted, f"{old['name']} → {new['name']}, by {hand}"


def by_the_table(change: dict[str, Any], old: dict[str, Any], new: dict[str, Any], hand: str) -> Told:
    if not new["today"]:
        reason = None
    elif change.get("created") or not old["today"]:
        reason = change["comes"]
    elif change.get("changes_if_moved") and old is new:
        reason = None  # nothing was moved, nothing changed
    else:
        reason = change["stays"]
    return (None, reason) if hand == "ivan" else (reason, None)


def told(
    change: dict[str, Any], day: dict[str, Any], old: dict[str, Any], new: dict[str, Any], hand: str
) -> Told:
    before = _fields({**GRID["base"], **change.get("was", {})}, old)
    after = _fields({**GRID["base"], **change.get("was", {}), **change["is"]}, new)
    created = change.get("created", False)
    kind = ChangeKind.CREATED if created else ChangeKind.EDITED
    now, job = from_text(day["now"]), job_of(after)
    made = Change(
        1, kind, job.id, difference({} if created else before, after), _actor(hand), False, now, now
    )
    ivan = Recipient(person("ivan"), ZoneInfo(day["zone"]))
    return reason_to_push(made, job, ivan, now), reason_to_wake(made, job, ivan, now)


def _actor(hand: str) -> Actor:
    actor = HANDS[hand]
    return Actor(actor.kind, actor.id, actor.name, PHONE if hand in ("ivan", "olga") else None)


def _fields(members: dict[str, Any], plan: dict[str, Any]) -> JsonObject:
    written = {**members, "scheduled_at": plan["at"], "scheduled_duration": plan["minutes"]}
    return fields_of({name: one for name, one in written.items() if name != "assigned"}, members["assigned"])
