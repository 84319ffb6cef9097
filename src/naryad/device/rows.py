"""The state as rows of the store's tables, and back. No SQL here, only shapes."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any, cast
from uuid import UUID

from naryad.device.held import HeldJob
from naryad.device.held_file import HeldFile, Stage
from naryad.device.operations import operation_from_json
from naryad.device.state import DeviceState, Health, Notice
from naryad.domain.ids import DeviceId, FileId, JobId, TemplateId
from naryad.domain.json import Json, JsonObject
from naryad.domain.network import Network
from naryad.domain.sync_policy import DEFAULT, policy_from_json

SCHEMA = """
create table single    (name text primary key, value text not null) strict, without rowid;
create table job       (id text primary key, gone integer not null, version integer not null,
                        fields text not null) strict, without rowid;
create table template  (id text primary key, body text not null) strict, without rowid;
create table operation (id text primary key, seq integer not null, body text not null) strict, without rowid;
create table notice    (id text primary key, n integer not null, body text not null) strict, without rowid;
create table file      (id text primary key, body text not null) strict, without rowid;
"""

Row = tuple[object, ...]
Entries = Mapping[object, object]


def tables(state: DeviceState) -> dict[str, Entries]:
    """Table → key → value, cheap to make and to compare; `ROW` writes a value out."""
    return {
        "single": {
            "device_id": str(state.device_id),
            "acknowledged": state.acknowledged,
            "cursor": state.cursor,
            "expired": state.expired,
            "policy": state.policy,
            "told": state.told,
        },
        "job": {
            job.id: (gone, job) for gone, held in enumerate((state.jobs, state.gone)) for job in held.values()
        },
        "template": cast(Entries, state.templates),
        "operation": {one.id: one for one in state.outbox},
        "notice": {id: (n, notice) for n, (id, notice) in enumerate(state.notices.items())},
        "file": cast(Entries, state.files),
    }


ROW: dict[str, Callable[[Any, Any], Row]] = {
    "single": lambda name, value: (name, text(asdict(value) if hasattr(value, "__slots__") else value)),
    "job": lambda id, kept: (str(id), kept[0], kept[1].version, text(kept[1].fields)),
    "template": lambda id, body: (str(id), text(body)),
    "operation": lambda id, one: (str(id), one.seq, text(one.as_json())),
    "notice": lambda id, kept: (str(id), kept[0], text(_notice_as_json(kept[1]))),
    "file": lambda id, file: (str(id), text({**asdict(file), "id": str(id), "job_id": str(file.job_id)})),
}


def state_from(read: Callable[[str], Iterable[Row]]) -> DeviceState:
    """The inverse: `read` gives all rows of a table."""
    single = {name: json.loads(cast(str, value)) for name, value in read("single")}
    held = [
        (gone, HeldJob(JobId(UUID(cast(str, id))), cast(int, version), json.loads(cast(str, fields))))
        for id, gone, version, fields in read("job")
    ]
    outbox = [operation_from_json(json.loads(cast(str, body))) for _, _, body in read("operation")]
    noticed = sorted((cast(int, n), cast(str, body)) for _, n, body in read("notice"))
    notices = [_notice_from_json(json.loads(body)) for _, body in noticed]
    files = [_file_from_json(json.loads(cast(str, body))) for _, body in read("file")]
    return DeviceState(
        device_id=DeviceId(UUID(single["device_id"])),
        acknowledged=single.get("acknowledged", 0),
        cursor=single.get("cursor"),
        expired=single.get("expired", False),
        jobs={job.id: job for gone, job in held if not gone},
        gone={job.id: job for gone, job in held if gone},
        templates={
            TemplateId(UUID(cast(str, id))): json.loads(cast(str, body)) for id, body in read("template")
        },
        policy=policy_from_json(single["policy"]) if "policy" in single else DEFAULT,
        outbox=tuple(sorted(outbox, key=lambda one: one.seq)),
        notices={one.operation.id: one for one in notices},
        files={one.id: one for one in files},
        told=_health_from_json(single.get("told")),
    )


def text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _health_from_json(kept: dict[str, Any] | None) -> Health | None:
    return Health(**{**kept, "network": Network(kept["network"])}) if kept else None


def _file_from_json(kept: dict[str, Any]) -> HeldFile:
    return HeldFile(
        **{
            **kept,
            "id": FileId(UUID(kept["id"])),
            "job_id": JobId(UUID(kept["job_id"])),
            "stage": Stage(kept["stage"]),
        }
    )


def _notice_as_json(notice: Notice) -> dict[str, Json]:
    return {
        "operation": notice.operation.as_json(),
        "status": notice.status,
        "lost": notice.lost,
        "overrode": notice.overrode,
        "problem": notice.problem,
        "noticed_at": notice.noticed_at,
    }


def _notice_from_json(kept: dict[str, Any]) -> Notice:
    operation = operation_from_json(cast("JsonObject", kept["operation"]))
    names = {name: tuple(kept[name]) for name in ("lost", "overrode")}
    return Notice(**{**kept, **names, "operation": operation})
