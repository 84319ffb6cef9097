"""A job: its identity and its fields.

`fields` maps the merge name of a field to its JSON value: a top-level member by its name,
members of report, custom_fields, photos, comments and attachments one by one (`report.meter`).
Versions, history, merges and partial jobs all speak these names, so a job is exactly the sum
of its changes. A field that is null or empty is absent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from naryad.domain.ids import JobId, TemplateId, UserId
from naryad.domain.instant import from_text
from naryad.domain.json import Json, JsonObject
from naryad.domain.states import JobState

GROUPS = ("report", "custom_fields", "photos", "comments", "attachments")
"""Members whose own members are fields one by one."""

LISTED = frozenset({"photos", "comments", "attachments"})
"""Groups that are lists of objects with an `id` on the wire."""


@dataclass(frozen=True, slots=True)
class Assignee:
    worker_id: UserId
    can_edit: bool


@dataclass(frozen=True, slots=True)
class Job:
    id: JobId
    number: int
    version: int
    created_at: datetime
    updated_at: datetime
    fields: JsonObject
    field_versions: Mapping[str, int] = field(default_factory=dict)

    @property
    def state(self) -> JobState:
        return JobState(cast(str, self.fields["state"]))

    @property
    def scheduled_at(self) -> datetime | None:
        text = self.fields.get("scheduled_at")
        return from_text(text) if isinstance(text, str) else None

    @property
    def scheduled_minutes(self) -> int:
        return cast(int, self.fields.get("scheduled_duration") or 0)

    @property
    def template_id(self) -> TemplateId | None:
        text = self.fields.get("template_id")
        return TemplateId(UUID(text)) if isinstance(text, str) else None

    @property
    def retired(self) -> bool:
        """Taken off the phones some days after it was closed."""
        return self.fields.get("retired") is True

    @property
    def assignees(self) -> tuple[Assignee, ...]:
        listed = cast("list[dict[str, Json]]", self.fields.get("assignees") or [])
        return tuple(
            Assignee(UserId(UUID(cast(str, one["worker_id"]))), one["can_edit"] is True) for one in listed
        )

    def assignee(self, worker: UserId) -> Assignee | None:
        return next((one for one in self.assignees if one.worker_id == worker), None)


def group_of(name: str) -> str | None:
    """`report` for `report.meter`; None for a plain member."""
    head, dot, _ = name.partition(".")
    return head if dot else None


def group(fields: JsonObject, name: str) -> dict[str, Json]:
    """The members of one group: `{"meter": 123}` for `report`."""
    prefix = name + "."
    return {key[len(prefix) :]: value for key, value in fields.items() if key.startswith(prefix)}


def nest(fields: JsonObject) -> dict[str, Json]:
    """Fields by merge name → the wire's shape. A null inside a list group reads `{"id", "removed": true}`."""
    nested: dict[str, Json] = {}
    for name, value in fields.items():
        head = group_of(name)
        if head is None:
            nested[name] = value
        elif head in LISTED:
            key = name[len(head) + 1 :]
            listed = cast("list[Json]", nested.setdefault(head, []))
            listed.append(value if value is not None else {"id": key, "removed": True})
        else:
            cast("dict[str, Json]", nested.setdefault(head, {}))[name[len(head) + 1 :]] = value
    return nested


def changed_since(job: Job, version: int) -> dict[str, Json]:
    """What a phone that holds the job at `version` lacks; a cleared field is null."""
    return {name: job.fields.get(name) for name, changed in job.field_versions.items() if changed > version}
