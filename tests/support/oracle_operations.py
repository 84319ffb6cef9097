"""Exactly once: what phones asked for, against what the history says was done."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg

KINDS = {
    "set_state": "state",
    "set_report": "report",
    "add_photo": "photo",
    "remove_photo": "photo",
    "add_comment": "comment",
}


async def not_exactly_once(truth: asyncpg.Pool, account_id: UUID) -> list[str]:
    """Operations without their effect, effects without their operation, and doubles; in words.

    Every change made by a phone belongs to exactly one receipt: that of its device, its job and its version
    which comes first (a later one with the same version asked for what already was). And every accepted
    operation's wish is true in the job as it was at the version of its result.
    """
    found: list[str] = []
    rows = await truth.fetch(
        """select device_id, seq, id, job_id, body, result, result ->> 'status' as status,
                  (result ->> 'version')::bigint as version
           from operation where account_id = $1 order by device_id, seq""",
        account_id,
    )
    changes = await truth.fetch(
        """select version, kind, job_id, device_id, fields, late,
                  (actor ->> 'id')::uuid = any (seen_by) as holds
           from change where account_id = $1 and job_id is not null order by version""",
        account_id,
    )
    unclaimed = {(row["device_id"], row["version"]): row for row in changes if row["device_id"]}
    done: set[tuple[UUID, UUID]] = set()
    jobs = _jobs_over_time(changes)
    for row in rows:
        name = f"operation {row['id']}"
        if "repeats" in row["body"]:
            continue
        if (row["device_id"], row["id"]) in done:
            found.append(f"{name} was done twice")
        done.add((row["device_id"], row["id"]))
        if row["status"] == "rejected":
            continue
        effect = unclaimed.pop((row["device_id"], row["version"]), None)
        if effect is not None:
            if (effect["job_id"], effect["kind"]) != (row["job_id"], KINDS[row["body"]["type"]]):
                found.append(f"{name} has the effect of another one")
            if (row["status"] == "late") != effect["late"] or effect["late"] == effect["holds"]:
                found.append(f"{name} is wrong about being late")
        then = jobs[row["job_id"]].at(row["version"])
        for field, value in asked(row["body"]).items():
            if not _is(then.get(field), value):
                found.append(f"{name} was acknowledged without its effect: {field}")
    found += [f"change {version} was made by a phone without an operation" for _, version in unclaimed]
    return found


def asked(operation: Mapping[str, Any]) -> dict[str, Any]:
    """What is true of the job when the operation has been done; None is absent, an object its part."""
    match operation["type"]:
        case "set_state":
            return {"state": operation["state"]}
        case "set_report":
            return {f"report.{key}": value for key, value in operation["fields"].items()}
        case "add_comment":
            comment = operation["comment"]
            return {f"comments.{comment['id']}": {"text": comment["text"]}}
        case "add_photo":
            photo = operation["photo"]
            return {f"photos.{photo['id']}": {"sha256": photo["sha256"], "size": photo["size"]}}
        case "remove_photo":
            return {f"photos.{operation['photo_id']}": None}
        case unknown:
            raise AssertionError(f"an operation of type {unknown!r} was accepted")


class _Job:
    """A job's fields at every version of its history."""

    def __init__(self) -> None:
        self.moments: list[tuple[int, dict[str, Any]]] = [(0, {})]

    def at(self, version: int) -> dict[str, Any]:
        return next(fields for since, fields in reversed(self.moments) if since <= version)


def _jobs_over_time(changes: list[asyncpg.Record]) -> dict[UUID, _Job]:
    jobs: dict[UUID, _Job] = defaultdict(_Job)
    for change in changes:
        job = jobs[change["job_id"]]
        fields = job.moments[-1][1] | {name: step["new"] for name, step in change["fields"].items()}
        job.moments.append((change["version"], {k: v for k, v in fields.items() if v is not None}))
    return jobs


def _is(held: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(held, Mapping) and all(held.get(name) == value for name, value in wanted.items())
    return bool(held == (wanted or (wanted if wanted in (0, False) else None)))
