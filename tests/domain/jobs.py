"""Jobs made by hand, their people called by name."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import NAMESPACE_DNS, uuid5

from naryad.domain.ids import JobId, UserId
from naryad.domain.job import Job
from naryad.domain.json import Json, JsonObject

MADE = datetime(2026, 11, 24, 6, tzinfo=UTC)


def person(name: str) -> UserId:
    return UserId(uuid5(NAMESPACE_DNS, name))


def fields_of(members: Mapping[str, Json], assigned: Iterable[str] = ()) -> JsonObject:
    """Fields by merge name; null and empty are absent. The first assigned is the editor."""
    listed: list[Json] = [
        {"worker_id": str(person(one)), "can_edit": place == 0} for place, one in enumerate(assigned)
    ]
    fields: dict[str, Json] = {**members, "assignees": listed}
    return {name: value for name, value in fields.items() if value not in (None, [])}


def job_of(fields: JsonObject, field_versions: Mapping[str, int] | None = None, version: int = 1) -> Job:
    return Job(JobId(uuid5(NAMESPACE_DNS, "job")), 42, version, MADE, MADE, fields, field_versions or {})
