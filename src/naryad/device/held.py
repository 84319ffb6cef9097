"""A job as the phone holds it, and how what the server sends is merged into it.

Fields are kept flat, by their merge names (`report.meter`, `photos.<id>`; see `naryad.domain.job`),
so that a partial job merges by setting and deleting names. Vectors: `tests/vectors/partial_jobs.json`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from naryad.domain.ids import JobId, TemplateId
from naryad.domain.job import GROUPS, LISTED, nest
from naryad.domain.json import Json, JsonObject
from naryad.domain.states import JobState

ENVELOPE = frozenset({"id", "version", "complete"})


@dataclass(frozen=True, slots=True)
class HeldJob:
    id: JobId
    version: int
    fields: JsonObject

    @property
    def state(self) -> JobState:
        return JobState(cast(str, self.fields["state"]))

    @property
    def template_id(self) -> TemplateId | None:
        text = self.fields.get("template_id")
        return TemplateId(UUID(text)) if isinstance(text, str) else None

    def as_json(self) -> dict[str, Json]:
        """The shape of the wire: groups nested again."""
        return {"id": str(self.id), "version": self.version, **nest(self.fields)}


class UnknownJob(Exception):
    """A partial job came for a job that is not held: nothing to merge into, fetch everything anew."""


def merged(jobs: Mapping[JobId, HeldJob], sent: JsonObject) -> HeldJob:
    """The job after what was sent: a complete job replaces, a partial one is laid over field by field.

    Raises UnknownJob for a partial job of which nothing is held.
    """
    id = JobId(UUID(cast(str, sent["id"])))
    version = cast(int, sent["version"])
    if sent["complete"]:
        return HeldJob(id, version, {name: value for name, value in flat(sent) if value is not None})
    if id not in jobs:
        raise UnknownJob(str(id))
    fields = dict(jobs[id].fields)
    for name, value in flat(sent):
        if value is not None:
            fields[name] = value
        elif name in GROUPS:  # a whole group cleared
            fields = {held: kept for held, kept in fields.items() if not held.startswith(name + ".")}
        else:
            fields.pop(name, None)
    return HeldJob(id, version, fields)


def flat(sent: JsonObject) -> Iterator[tuple[str, Json]]:
    """(merge name, value) of every field in a job of the wire; None for what is cleared or removed."""
    for member, value in sent.items():
        if member in ENVELOPE:
            continue
        if member not in GROUPS or value is None:
            yield member, value
        elif member in LISTED:
            for item in cast("Sequence[JsonObject]", value):
                yield f"{member}.{item['id']}", None if item.get("removed") is True else item
        else:
            for key, inner in cast("JsonObject", value).items():
                yield f"{member}.{key}", inner
