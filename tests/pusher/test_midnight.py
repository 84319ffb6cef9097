"""R14 is judged when the change commits and again just before sending."""

from typing import Any
from zoneinfo import ZoneInfo

from domain.jobs import MADE, fields_of, job_of, person
from naryad.domain.change import Actor, ActorKind, Change, ChangeKind, difference
from naryad.domain.instant import from_text
from naryad.domain.push_rules import Recipient, reason_to_push
from naryad_pusher.recheck import reason_to_skip
from pusher.deliveries import delivery
from support.vectors import load, named


@named(load("push_midnight")["cases"])
def test_between_commit_and_send(case: dict[str, Any]) -> None:
    ivan = Recipient(person("ivan"), ZoneInfo(case["zone"]))
    plan = {
        "state": "published",
        "scheduled_at": case["scheduled_at"],
        "scheduled_duration": case["minutes"],
    }
    job = job_of(fields_of(plan, ["ivan"]))
    desk = Actor(ActorKind.USER, person("desk"), "Диспетчер")
    made = Change(1, ChangeKind.CREATED, job.id, difference({}, job.fields), desk, False, MADE, MADE)

    reason = reason_to_push(made, job, ivan, from_text(case["committed"]))
    assert reason == case["reason"]
    if reason is not None:
        later = delivery(now=from_text(case["sent"]), worker=ivan, job=job, job_id=job.id)
        assert reason_to_skip(later) == case["skip"]
