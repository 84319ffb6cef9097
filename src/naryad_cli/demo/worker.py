"""How a simulated worker spends the day: one plausible action at a time on a real device."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from naryad.device.operations import AddComment, SetReport, SetState, Work
from naryad.device.phone import Phone
from naryad.device.photograph import Photograph
from naryad.device.replay import JobView, views
from naryad.domain.ids import JobId
from naryad.domain.instant import from_text
from naryad.domain.json import Json, JsonObject
from naryad.domain.states import UNDER_WAY, JobState
from naryad.uuid7 import uuid7
from naryad_cli.demo.picture import meter_picture
from naryad_cli.demo.words import comment, report_value

PAUSES, COMMENTS, FAILS = 0.08, 0.1, 0.12
"""How often a worker takes a break, says something, or cannot finish the work."""


@dataclass
class DemoWorker:
    phone: Phone
    chance: random.Random
    camera: bool = False
    """Whether the phone keeps files, and so takes photos."""
    left_alone: set[JobId] = field(default_factory=set)
    """Jobs that a simulated worker cannot bring on: refused, or a signature is asked for."""

    def act(self, now: datetime) -> Work | None:
        """Do the next thing that is due; None when there is nothing to do."""
        for notice in list(self.phone.state.notices.values()):
            if notice.status != "overrode":
                self.left_alone.add(notice.operation.job_id)
            self.phone.dismiss(notice.operation.id)
        shown = self._at_hand(now)
        if shown is None:
            return None
        work = self._next(shown, now)
        if work is None:
            self.left_alone.add(shown.job.id)
            return None
        if isinstance(work, Photograph):
            return self.phone.photograph(shown.job.id, work).work
        return self.phone.do(work, shown.job.id).work

    def _at_hand(self, now: datetime) -> JobView | None:
        """The job under way, else the earliest published one that is due, if this worker edits it."""
        mine = [
            one
            for id, one in views(self.phone.state).items()
            if id not in self.left_alone and self._edits(one) and not one.doubtful
        ]
        under_way = [one for one in mine if one.job.state in UNDER_WAY]
        published = [one for one in mine if one.job.state is JobState.PUBLISHED and self._is_due(one, now)]
        return min(under_way or published, key=_planned, default=None)

    def _edits(self, shown: JobView) -> bool:
        session = self.phone.session
        assignees = cast("Sequence[JsonObject]", shown.job.fields.get("assignees") or ())
        return any(session and one["worker_id"] == session.worker_id and one["can_edit"] for one in assignees)

    def _is_due(self, shown: JobView, now: datetime) -> bool:
        """Today's, or left over from an earlier day."""
        assert self.phone.session is not None
        zone = ZoneInfo(self.phone.session.time_zone)
        planned = from_text(_planned(shown)).astimezone(zone)
        return planned.date() <= now.astimezone(zone).date()

    def _next(self, shown: JobView, now: datetime) -> Work | Photograph | None:
        lucky = self.chance.random()
        match shown.job.state:
            case JobState.PUBLISHED:
                return SetState(JobState.EN_ROUTE if lucky < 0.8 else JobState.STARTED)
            case JobState.EN_ROUTE:
                return SetState(JobState.STARTED)
            case JobState.SUSPENDED:
                return SetState(JobState.STARTED)
            case JobState.STARTED:
                return self._at_work(shown, lucky, now)
            case _:
                return None

    def _at_work(self, shown: JobView, lucky: float, now: datetime) -> Work | Photograph | None:
        if lucky < PAUSES:
            return SetState(JobState.SUSPENDED)
        said = any(name.startswith("comments.") for name in shown.job.fields)
        if lucky < PAUSES + COMMENTS and not said:
            about = str(shown.job.fields.get("description", ""))
            return AddComment(uuid7(), comment(self.chance, about))
        template = self.phone.state.templates.get(shown.job.template_id) if shown.job.template_id else None
        empty = [one for one in _report_fields(template) if f"report.{one['key']}" not in shown.job.fields]
        values = {str(one["key"]): report_value(one, self.chance, now) for one in empty}
        fillable = [key for key, value in values.items() if value is not None]
        if fillable:
            return SetReport({key: values[key] for key in fillable[: self.chance.randint(1, 2)]})
        photographed = _photographed(shown)
        cameras = [one for one in empty if one["type"] == "photo" and one["key"] not in photographed]
        if cameras and self.camera:
            return self._photograph(str(cameras[0]["key"]), shown, now)
        pen_needed = any(one.get("required") for one in empty if one["type"] != "photo" or not self.camera)
        return self._finish(template, pen_needed)

    def _photograph(self, field: str, shown: JobView, now: datetime) -> Photograph:
        reading = shown.job.fields.get("report.new_reading")
        seen = reading if isinstance(reading, int) else self.chance.randint(0, 99_999)
        place = cast("Mapping[str, float]", shown.job.fields.get("address") or {})
        return Photograph(
            field,
            meter_picture(seen, self.chance),
            "image/png",
            taken_at=now.isoformat(timespec="seconds"),
            latitude=place.get("latitude"),
            longitude=place.get("longitude"),
        )

    def _finish(self, template: JsonObject | None, pen_needed: bool) -> Work | None:
        offered = cast("Sequence[Mapping[str, Json]]", (template or {}).get("resolutions") or ())
        if not offered:
            return None if pen_needed else SetState(JobState.FINISHED)
        done = [one for one in offered if one["successful"]]
        not_done = [one for one in offered if not one["successful"]]
        wanted = not_done if pen_needed or (not_done and self.chance.random() < FAILS) else done
        if not wanted:
            return None
        return SetState(JobState.FINISHED, UUID(str(self.chance.choice(wanted)["id"])))


def _planned(shown: JobView) -> str:
    return str(shown.job.fields.get("scheduled_at") or "9999-12-31T00:00:00Z")


def _photographed(shown: JobView) -> set[str]:
    photos = [value for name, value in shown.job.fields.items() if name.startswith("photos.")]
    return {str(one["field"]) for one in cast("list[JsonObject]", photos)}


def _report_fields(template: JsonObject | None) -> list[Mapping[str, Json]]:
    listed = cast("Sequence[Mapping[str, Json]]", (template or {}).get("fields") or ())
    return [one for one in listed if one["scope"] == "report"]
