"""A change: one entry of an account's history. Its version is the account's version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NotRequired, TypedDict

from naryad.domain.files import PhotoState
from naryad.domain.ids import DeviceId, JobId, UserId
from naryad.domain.job import Job, group
from naryad.domain.json import Json, JsonObject, same


class ChangeKind(StrEnum):
    CREATED = "created"
    EDITED = "edited"  # plan fields: description, time, assignees, …
    STATE = "state"
    REPORT = "report"
    PHOTO = "photo"
    COMMENT = "comment"
    ATTACHMENT = "attachment"
    RETIRED = "retired"  # the sweep took it off the phones
    DELETED = "deleted"
    TEMPLATE = "template"
    POLICY = "policy"
    EPOCH = "epoch"  # a restored backup began a new epoch


class ActorKind(StrEnum):
    USER = "user"
    API_KEY = "api_key"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it. `device_id` is set when it was done on a phone."""

    kind: ActorKind
    id: UserId | None
    name: str
    device_id: DeviceId | None = None

    def as_json(self) -> JsonObject:
        return {"kind": self.kind, "id": str(self.id) if self.id else None, "name": self.name}

    def is_same(self, other: "Actor") -> bool:
        """The same hand: the same device, or away from devices the same user."""
        return (self.kind, self.id, self.device_id) == (other.kind, other.id, other.device_id)


STORAGE = Actor(ActorKind.SYSTEM, None, "storage")
"""What happens to files without anyone's hand."""


class FieldChange(TypedDict):
    """One field's change as the history keeps it. `lost` is the value that was not taken."""

    old: Json
    new: Json
    lost: NotRequired[Json]


@dataclass(frozen=True, slots=True)
class Change:
    version: int
    kind: ChangeKind
    job_id: JobId | None
    fields: Mapping[str, FieldChange]
    actor: Actor
    late: bool
    happened_at: datetime  # when it was done, by the device's corrected clock
    recorded_at: datetime  # when the account learned of it
    summary: JsonObject | None = None
    seen_by: frozenset[UserId] = field(default_factory=frozenset)
    gone_for: frozenset[UserId] = field(default_factory=frozenset)


def difference(old: JsonObject, new: JsonObject) -> dict[str, FieldChange]:
    """Field by field, what leads from `old` to `new`. Empty when nothing does."""
    return {
        name: {"old": old.get(name), "new": new.get(name)}
        for name in sorted(old.keys() | new.keys())
        if not same(old.get(name), new.get(name))
    }


def replay(fields: JsonObject, change: Change) -> dict[str, Json]:
    """Apply one entry of the history: all entries of a job, in order, give the job."""
    after = dict(fields)
    for name, step in change.fields.items():
        if step["new"] is None:
            after.pop(name, None)
        else:
            after[name] = step["new"]
    return after


def summary(job: Job) -> dict[str, Json]:
    """What a list on the desk shows of a job, carried by every live event."""
    names = ("state", "scheduled_at", "scheduled_duration", "type", "template_id", "external_id", "assignees")
    shown: dict[str, Json] = {"id": str(job.id), "number": job.number, "version": job.version}
    shown |= {name: job.fields[name] for name in names if name in job.fields}
    client, address = job.fields.get("client"), job.fields.get("address")
    if isinstance(client, Mapping):
        shown["client"] = client
    if isinstance(address, Mapping):
        shown["address"] = {"formatted": address.get("formatted")}
    photos = group(job.fields, "photos").values()
    shown["photos"] = len(photos)
    expected = [one for one in photos if isinstance(one, Mapping) and one.get("state") == PhotoState.EXPECTED]
    if expected:
        sizes = (one.get("size") for one in expected)
        shown["photos_expected"] = {
            "count": len(expected),
            "size": sum(size for size in sizes if isinstance(size, int)),
        }
    return shown
