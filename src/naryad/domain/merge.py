"""Merging a change made against an older version, field by field (DESIGN 4.3).

A field that nobody else changed since is written. Changed to the same value: nothing to do.
Otherwise its owner wins: report, photos and comments belong to the worker, the plan to the desk.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from naryad.domain.job import Job, group_of
from naryad.domain.json import Json, JsonObject, is_empty, same
from naryad.domain.transitions import Party

WORKERS_GROUPS = frozenset({"report", "photos", "comments"})


def owner(name: str) -> Party:
    """Whose word counts for this field."""
    return Party.WORKER if group_of(name) in WORKERS_GROUPS else Party.DISPATCHER


@dataclass(frozen=True, slots=True)
class Merge:
    """`write` is taken, `overrode` names what it replaced, `lost` holds what was not taken."""

    write: JsonObject
    overrode: tuple[str, ...] = ()
    lost: Mapping[str, Json] | None = None
    concurrent: bool = False


def merge(job: Job, wanted: JsonObject, party: Party, foreign: Mapping[str, Party]) -> Merge:
    """Merge `wanted` (null clears) into `job`.

    `foreign` names the fields whose latest change is younger than the base and another hand's,
    with the party of that hand.
    """
    write: dict[str, Json] = {}
    overrode: list[str] = []
    lost: dict[str, Json] = {}
    for name, value in wanted.items():
        held = job.fields.get(name)
        if same(held, value) or (is_empty(held) and is_empty(value)):
            continue
        other = foreign.get(name)
        if other is None:
            write[name] = value
        elif owner(name) is other and other is not party:
            lost[name] = value
        else:
            write[name] = value
            overrode.append(name)
    return Merge(write, tuple(overrode), lost, concurrent=not foreign.keys().isdisjoint(wanted))


def younger_fields(job: Job, names: Mapping[str, object], base_version: int) -> dict[str, int]:
    """Of these fields, those changed after `base_version`, with the version that changed them."""
    return {
        name: job.field_versions[name] for name in names if job.field_versions.get(name, 0) > base_version
    }
