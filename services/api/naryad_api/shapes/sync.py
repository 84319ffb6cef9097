"""A sync: what a device sends and what it is answered."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from naryad_api.shapes.base import Answer, Instant, Line, Shape


class Unsent(Shape):
    operations: Annotated[int, Field(ge=0, lt=2**31)] = 0
    files: Annotated[int, Field(ge=0, lt=2**31)] = 0
    bytes: Annotated[int, Field(ge=0, lt=2**53)] = 0


class DeviceReport(Shape):
    """What the phone tells of itself. `now` is its clock, from which the skew is measured."""

    trigger: Literal["timer", "open", "state_change", "manual", "push", "reconnect", "date_roll"] | None = (
        None
    )
    network: Literal["slow", "fast"] | None = None
    now: Instant | None = None
    unsent: Unsent | None = None
    app_version: Annotated[Line, Field(max_length=50)] | None = None


class OperationShape(Shape):
    """Only `seq` and `id` must be right here; anything else wrong makes the operation rejected."""

    model_config = ConfigDict(extra="allow")

    seq: Annotated[int, Field(ge=1, lt=2**53, strict=True)]
    id: UUID


class SyncRequest(Shape):
    cursor: Annotated[str, Field(max_length=200)] | None = None
    device: DeviceReport | None = None
    operations: Annotated[list[OperationShape], Field(max_length=500)] = Field(default_factory=list)
    have: Annotated[dict[UUID, Annotated[int, Field(ge=0, lt=2**63)]], Field(max_length=20_000)] | None = None


class ResultAnswer(Answer):
    seq: int
    id: UUID
    status: Literal["applied", "merged", "late", "rejected", "duplicate"]
    original_status: str | None = None
    version: int | None = None
    overrode: list[str] | None = None
    lost: list[str] | None = None
    problem: dict[str, Any] | None = None


class SyncAnswer(Answer):
    cursor: str
    acknowledged: int
    more: bool
    server_time: str
    results: list[ResultAnswer] = Field(default_factory=list)
    jobs: list[dict[str, Any]] = Field(default_factory=list)
    removed: list[UUID] = Field(default_factory=list)
    templates: list[dict[str, Any]] = Field(default_factory=list)
    policy: dict[str, Any] | None = None
