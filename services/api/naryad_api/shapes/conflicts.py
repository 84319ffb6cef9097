"""Conflict cards as the desk receives and closes them."""

from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from naryad.domain.conflict import ConflictKind, Take
from naryad_api.shapes.base import Answer, Shape

EXAMPLE: dict[str, Any] = {
    "id": "0192f3a2-0000-7000-8000-000000000001",
    "kind": "overrode",
    "job": {
        "id": "0192f3a0-0000-7000-8000-000000000001",
        "number": 1042,
        "template_id": "0192f3a0-0000-7000-8000-00000000001a",
    },
    "worker_id": "0192f3a0-0000-7000-8000-0000000000a1",
    "device_id": "0192f3a0-0000-7000-8000-0000000000d1",
    "operation": {
        "id": "0192f3a1-0000-7000-8000-000000000018",
        "type": "set_report",
        "job_id": "0192f3a0-0000-7000-8000-000000000001",
        "base_version": 5841,
        "happened_at": "2026-11-24T10:02:04+03:00",
        "fields": {"meter": 123},
    },
    "fields": {"report.meter": {"taken": 123, "refused": 120}},
    "version": 5851,
    "happened_at": "2026-11-24T07:02:04Z",
    "recorded_at": "2026-11-24T09:40:00Z",
}
REFUSED: dict[str, Any] = {
    **{name: value for name, value in EXAMPLE.items() if name != "version"},
    "id": "0192f3a2-0000-7000-8000-000000000002",
    "kind": "rejected",
    "operation": {
        "id": "0192f3a1-0000-7000-8000-000000000017",
        "type": "set_state",
        "job_id": "0192f3a0-0000-7000-8000-000000000001",
        "base_version": 5841,
        "happened_at": "2026-11-24T10:02:03+03:00",
        "state": "started",
    },
    "fields": {"state": {"taken": "canceled", "refused": "started"}},
    "problem": {
        "type": "urn:naryad:problem:impossible-transition",
        "title": "The job cannot go to that state from here",
        "status": 409,
        "detail": "The job is canceled; from there the worker cannot make it started.",
        "state": "canceled",
    },
}
CLOSED: dict[str, Any] = {
    **EXAMPLE,
    "resolved_at": "2026-11-24T09:41:30Z",
    "resolved_by": "0192f3a0-0000-7000-8000-0000000000a2",
    "take": "current",
}


class ConflictJob(Answer):
    id: UUID
    number: int
    template_id: UUID | None = None


class SidesAnswer(Answer):
    """Both values of a field: `taken` is what the job held after the operation, `refused` what it did not."""

    taken: Any = None
    refused: Any = None


class ConflictAnswer(Answer):
    """A conflict card. `operation` is what the phone sent, `problem` why it was refused, `version` the change
    that it became; the last three members are there once somebody has closed it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE, REFUSED, CLOSED]})

    id: UUID
    kind: ConflictKind
    job: ConflictJob | None = None
    worker_id: UUID
    device_id: UUID
    operation: dict[str, Any]
    fields: dict[str, SidesAnswer]
    problem: dict[str, Any] | None = None
    version: int | None = None
    happened_at: str
    recorded_at: str
    resolved_at: str | None = None
    resolved_by: UUID | None = None
    take: Take | None = None


class JobConflictsAnswer(Answer):
    model_config = ConfigDict(json_schema_extra={"examples": [{"conflicts": [EXAMPLE], "next": None}]})

    conflicts: list[ConflictAnswer]
    next: UUID | None = None


class ConflictsAnswer(JobConflictsAnswer):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"conflicts": [REFUSED, EXAMPLE], "next": None, "open": 2}]}
    )

    open: int = Field(description="How many cards of the account are open, counted up to 1000.")


class Resolve(Shape):
    """`current` keeps what the job holds; `other` writes the refused values into it, as the desk's edit."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"take": "current"}, {"take": "other"}]})

    take: Literal["current", "other"]
