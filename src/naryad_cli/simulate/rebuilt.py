"""A job rebuilt from its history, to any version."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from naryad.device.held import ENVELOPE, flat
from naryad.domain.change import Actor, ActorKind, Change, ChangeKind, replay
from naryad.domain.json import Json, JsonObject

NOT_FIELDS = ENVELOPE | {"number", "created_at", "updated_at"}
"""Members of a job that no change carries."""


def fields_at(history: Sequence[Mapping[str, Any]], version: int | None = None) -> dict[str, Json]:
    """The fields by merge name as they were at `version`, else as they are."""
    fields: dict[str, Json] = {}
    for entry in history:
        if version is not None and entry["version"] > version:
            break
        fields = replay(fields, _change(entry))
    return fields


def fields_shown(job: Mapping[str, Any]) -> dict[str, Json]:
    """The fields by merge name of a job of the wire."""
    return {
        name: value
        for name, value in flat(cast(JsonObject, job))
        if name not in NOT_FIELDS and value is not None
    }


def _change(entry: Mapping[str, Any]) -> Change:
    actor = entry["actor"]
    return Change(
        version=entry["version"],
        kind=ChangeKind(entry["kind"]),
        job_id=None,
        fields=entry["fields"],
        actor=Actor(ActorKind(actor["kind"]), None, actor["name"]),
        late=entry["late"],
        happened_at=datetime.fromisoformat(entry["happened_at"]),
        recorded_at=datetime.fromisoformat(entry["recorded_at"]),
    )
