"""Conflict cards: what the desk should look at, made with the operation that is the reason (DESIGN 4.3).

A card tells who wanted what and what became of it, field by field, with both values. It is closed by
a person, who keeps what stands or takes the other value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict, assert_never
from uuid import UUID

from naryad.domain.ids import ConflictId, DeviceId, JobId, OperationId, TemplateId, UserId
from naryad.domain.job import LISTED, group_of
from naryad.domain.json import Json, JsonObject, same
from naryad.domain.operation import Status


class ConflictKind(StrEnum):
    LOST = "lost"  # the worker's value was not taken
    OVERRODE = "overrode"  # the worker's value replaced another's
    LATE = "late"  # work on a job that had been taken away
    REJECTED = "rejected"  # the operation was refused


class Take(StrEnum):
    """How a card is closed."""

    CURRENT = "current"
    OTHER = "other"


class Sides(TypedDict):
    """Both values of one field: what the job holds since, and what it does not."""

    taken: Json
    refused: Json


@dataclass(frozen=True, slots=True)
class AboutJob:
    """`template_id` is the job's present one, which names its fields."""

    id: JobId
    number: int
    template_id: TemplateId | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    at: datetime
    by: UUID | None
    take: Take


@dataclass(frozen=True, slots=True)
class Conflict:
    """`operation` is its body as it came. `version` is the change it became, none when it was refused."""

    id: ConflictId
    kind: ConflictKind
    job: AboutJob | None
    worker_id: UserId
    device_id: DeviceId
    operation_id: OperationId
    operation: JsonObject
    fields: Mapping[str, Sides]
    problem: JsonObject | None
    version: int | None
    happened_at: datetime  # when it was done, by the device's corrected clock
    recorded_at: datetime
    resolved: Resolved | None = None


def kind_of(status: Status, overrode: Sequence[str], lost: Sequence[str]) -> ConflictKind | None:
    """The card that a result asks for; most ask for none."""
    match status:
        case Status.REJECTED:
            return ConflictKind.REJECTED
        case Status.LATE:
            return ConflictKind.LATE
        case Status.APPLIED | Status.MERGED:
            return ConflictKind.LOST if lost else ConflictKind.OVERRODE if overrode else None
        case Status.DUPLICATE:
            return None
        case _:
            assert_never(status)


def sides(
    before: JsonObject, after: JsonObject, replaced: Iterable[str], not_taken: JsonObject
) -> dict[str, Sides]:
    """Both values of the fields that an operation replaced, and of those where its value was not taken."""
    return {name: Sides(taken=after.get(name), refused=before.get(name)) for name in replaced} | {
        name: Sides(taken=before.get(name), refused=value) for name, value in not_taken.items()
    }


def other_values(fields: Mapping[str, Sides]) -> dict[str, Json]:
    """The refused values that the desk can write itself: of plan and report. State, photos and comments
    have ways of their own."""
    return {
        name: side["refused"]
        for name, side in fields.items()
        if group_of(name) not in LISTED and name not in NOT_EDITED
    }


NOT_EDITED = frozenset({"state", "resolution", "timestamps", "retired"})


def moved_on(fields: Mapping[str, Sides], now: JsonObject) -> list[str]:
    """The fields that hold neither of the two values any more: the choice was made of something else."""
    return [
        name
        for name, side in fields.items()
        if not same(now.get(name), side["taken"]) and not same(now.get(name), side["refused"])
    ]
