"""Jobs as the desk sends and receives them."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StrictBool, StrictFloat, StrictInt

from naryad.domain.instant import to_text
from naryad.domain.json import Json
from naryad.domain.states import JobState
from naryad_api.shapes.base import Answer, Instant, Key, Line, Shape, Text, Version

Value = StrictBool | StrictInt | StrictFloat | Text | None


class Client(Shape):
    name: Line
    external_id: Line | None = None


class Contact(Shape):
    name: Line | None = None
    value: Line
    type: Line | None = None


class Address(Shape):
    formatted: Line | None = None
    entrance: Line | None = None
    floor: Line | None = None
    apartment: Line | None = None
    description: Text | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None


class AssigneeShape(Shape):
    worker_id: UUID
    can_edit: bool | None = None


class JobPlan(Shape):
    """The fields the desk writes. Null clears, what is absent stays."""

    external_id: Line | None = None
    scheduled_at: Instant | None = None
    scheduled_duration: Annotated[int, Field(ge=0, le=60 * 24 * 31, description="minutes")] | None = None
    description: Text | None = None
    template_id: UUID | None = None
    type: Line | None = None
    client: Client | None = None
    contacts: Annotated[list[Contact], Field(max_length=20)] | None = None
    address: Address | None = None
    assignees: Annotated[list[AssigneeShape], Field(max_length=50)] | None = None
    custom_fields: Annotated[dict[Key, Value], Field(max_length=200)] | None = None
    report: Annotated[dict[Key, Value], Field(max_length=200)] | None = None

    def fields(self) -> dict[str, Json]:
        """By merge name: `{"custom_fields.floor": 3, "scheduled_at": "2026-11-24T07:00:00Z"}`."""
        fields: dict[str, Json] = {}
        for name in self.model_fields_set & JobPlan.model_fields.keys():
            value = getattr(self, name)
            if name in ("custom_fields", "report"):
                fields |= {f"{name}.{key}": member for key, member in (value or {}).items()}
            elif name == "scheduled_at":
                fields[name] = to_text(value) if value else None
            elif name == "template_id":
                fields[name] = str(value) if value else None
            elif isinstance(value, Shape):
                fields[name] = value.model_dump(mode="json", exclude_none=True) or None
            elif isinstance(value, list):
                fields[name] = [one.model_dump(mode="json", exclude_none=True) for one in value] or None
            else:
                fields[name] = value or (value if value == 0 else None)
        return fields


class JobCreate(JobPlan):
    id: UUID | None = None
    state: JobState | None = None


class JobPatch(JobPlan):
    base_version: Version | None = None


class StateChange(Shape):
    to: JobState
    resolution_id: UUID | None = None


class Attach(Shape):
    upload_id: UUID


class JobAnswer(Answer):
    """A job."""

    id: UUID
    number: int
    version: int
    state: JobState
    external_id: str | None = None
    scheduled_at: str | None = None
    scheduled_duration: int | None = None
    description: str | None = None
    template_id: UUID | None = None
    type: str | None = None
    client: dict[str, Any] | None = None
    contacts: list[dict[str, Any]] | None = None
    address: dict[str, Any] | None = None
    assignees: list[dict[str, Any]] | None = None
    custom_fields: dict[str, Any] | None = None
    report: dict[str, Any] | None = None
    photos: list[dict[str, Any]] | None = None
    comments: list[dict[str, Any]] | None = None
    attachments: list[dict[str, Any]] | None = None
    resolution: dict[str, Any] | None = None
    timestamps: dict[str, Any] | None = None
    created_at: str
    updated_at: str


class MergeAnswer(Answer):
    overrode: list[str]
    lost: list[str]


class EditedJobAnswer(JobAnswer):
    merge: MergeAnswer


class JobsAnswer(Answer):
    jobs: list[JobAnswer]
    next: str | None = None
    position: str


class ChangeAnswer(Answer):
    version: int
    kind: str
    fields: dict[str, Any]
    actor: dict[str, Any]
    device_id: UUID | None = None
    late: bool
    happened_at: str
    recorded_at: str


class HistoryAnswer(Answer):
    changes: list[ChangeAnswer]
    next: int | None = None


class PushAnswer(Answer):
    id: UUID
    worker_id: UUID
    worker_name: str
    device_id: UUID | None = None
    device_name: str | None = None
    channel: str | None = None
    reason: Literal["assigned", "changed", "state"]
    state: Literal["pending", "sent", "dead", "skipped"]
    detail: str | None = None
    silent: bool | None = None
    created_at: str
    sent_at: str | None = None


class PushesAnswer(Answer):
    pushes: list[PushAnswer]
