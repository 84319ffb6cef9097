"""The demo's day: jobs.json laid around this hour, each job with the way it has gone so far."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from naryad.domain.instant import to_text
from naryad.domain.json import Json
from naryad.domain.states import JobState
from naryad_cli.demo.people import TIME_ZONE, WORKERS, Crew
from naryad_cli.demo.templates import TEMPLATES

EARLIEST, LATEST = time(11), time(15)
"""What "now" may count as: the day's jobs lie up to four hours around it and stay within today."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a worker did on the phone: a state or a report, and when."""

    happened_at: datetime
    body: dict[str, Json]  # an operation without its number, id and job


@dataclass(frozen=True, slots=True)
class PlannedJob:
    key: str
    """Unique in the account: a second start finds it by this."""
    fields: dict[str, Json]
    first_state: JobState
    canceled: bool
    worker: str | None
    steps: Sequence[Step]


def plan_day(crew: Crew, now: datetime) -> list[PlannedJob]:
    """The jobs of the demo's today (and some for tomorrow, and some without a date)."""
    entries = json.loads(files("naryad_cli.demo").joinpath("jobs.json").read_text("utf-8"))
    day = now.astimezone(ZoneInfo(TIME_ZONE)).date().isoformat()
    return [_job(f"demo-{day}-{number:02d}", entry, crew, now) for number, entry in enumerate(entries, 1)]


def _job(key: str, entry: dict[str, Any], crew: Crew, now: datetime) -> PlannedJob:
    worker: str | None = entry.get("worker")
    # Today is the worker's own: late in the evening another zone has the next date already.
    now = now.astimezone(ZoneInfo(WORKERS[worker][1] or TIME_ZONE if worker else TIME_ZONE))
    template = TEMPLATES[entry["template"]] if "template" in entry else None
    scheduled_at = _scheduled_at(entry, now)
    fields: dict[str, Json] = {
        "external_id": key,
        "description": entry["description"],
        "client": {"name": entry["client"]},
        "address": entry["address"],
        "type": entry.get("type"),
        "contacts": [entry["contact"]] if "contact" in entry else None,
        "template_id": str(template.id) if template else None,
        "scheduled_at": to_text(scheduled_at) if scheduled_at else None,
        "scheduled_duration": entry.get("minutes", 60) if scheduled_at else None,
        "assignees": [{"worker_id": str(crew.workers[worker]), "can_edit": True}] if worker else None,
        **{f"custom_fields.{name}": value for name, value in entry.get("custom", {}).items()},
    }
    state = JobState(entry["state"])
    published = state not in (JobState.POSTED, JobState.SCHEDULED)
    return PlannedJob(
        key,
        {name: value for name, value in fields.items() if value is not None},
        JobState.PUBLISHED if published else state,
        state is JobState.CANCELED,
        worker,
        _steps(entry, state, min(scheduled_at or now, now)) if published else (),
    )


def _scheduled_at(entry: dict[str, Any], now: datetime) -> datetime | None:
    """`at`: minutes from about now; `tomorrow`: the hour of the next day."""
    if "tomorrow" in entry:
        day = now.date() + timedelta(days=1)
        return datetime.combine(day, time.fromisoformat(entry["tomorrow"]), now.tzinfo).astimezone(UTC)
    if "at" not in entry:
        return None
    middle = min(max(now.time(), EARLIEST), LATEST).replace(minute=0, second=0, microsecond=0)
    around = datetime.combine(now.date(), middle, now.tzinfo).astimezone(UTC)
    return around + timedelta(minutes=entry["at"])


def _steps(entry: dict[str, Any], state: JobState, begin: datetime) -> Sequence[Step]:
    """The way from published to `state`, begun a little before the planned hour."""
    way = [JobState.EN_ROUTE, JobState.STARTED, JobState.SUSPENDED, JobState.FINISHED]
    if state not in way:
        return ()
    states = [one for one in way[: way.index(state) + 1] if one is state or one is not JobState.SUSPENDED]
    at = begin - timedelta(minutes=20)
    steps: list[Step] = []
    for one in states:
        if one is JobState.FINISHED and "report" in entry:
            steps.append(Step(at, {"type": "set_report", "fields": entry["report"]}))
        body: dict[str, Json] = {"type": "set_state", "state": one}
        if one is JobState.FINISHED:
            template = TEMPLATES[entry["template"]]
            success = "report" in entry
            body["resolution_id"] = str(next(r.id for r in template.resolutions if r.successful is success))
        steps.append(Step(at, body))
        at += timedelta(minutes=18)
    return steps
