"""Values as JSON on the wire (DESIGN 2). Members that are null or empty are left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from naryad.db.devices import DeviceRow
from naryad.db.files import Room
from naryad.db.push_ladder import Push
from naryad.db.push_registrations import PushState
from naryad.domain.change import Change
from naryad.domain.conflict import Conflict
from naryad.domain.files import Limits
from naryad.domain.instant import to_text
from naryad.domain.job import Job, nest
from naryad.domain.json import Json, JsonObject
from naryad.domain.people import Account, User
from naryad.domain.template import Template

INTERNAL = frozenset({"retired"})
"""Fields of a job that the history keeps and nobody is shown."""


def job_json(job: Job) -> dict[str, Json]:
    """A whole job."""
    return {
        "id": str(job.id),
        "number": job.number,
        "version": job.version,
        **nest(shown(job.fields)),
        "created_at": _second(job.created_at),
        "updated_at": _second(job.updated_at),
    }


def partial_job_json(job: Job, changed: Mapping[str, Json]) -> dict[str, Json]:
    """What a phone lacks of a job; a cleared field is null."""
    return {
        "id": str(job.id),
        "version": job.version,
        "complete": False,
        **nest(shown(changed)),
        "updated_at": _second(job.updated_at),
    }


def _second(instant: datetime) -> str:
    """Milliseconds do not compress, and nobody reads them here: without them a job is 6 bytes smaller."""
    return to_text(instant.replace(microsecond=0))


def shown(fields: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in fields.items() if name not in INTERNAL}


def change_json(change: Change) -> dict[str, Json]:
    """An entry of a job's history."""
    return {
        "version": change.version,
        "kind": change.kind,
        "fields": {
            name: cast(JsonObject, step) for name, step in change.fields.items() if name not in INTERNAL
        },
        "actor": change.actor.as_json(),
        "device_id": str(change.actor.device_id) if change.actor.device_id else None,
        "late": change.late,
        "happened_at": to_text(change.happened_at),
        "recorded_at": to_text(change.recorded_at),
    }


def conflict_json(card: Conflict) -> dict[str, Json]:
    """A conflict card: who wanted what, what became of it, and whether somebody has closed it."""
    body: dict[str, Json] = {
        "id": str(card.id),
        "kind": card.kind,
        "job": _about_json(card),
        "worker_id": str(card.worker_id),
        "device_id": str(card.device_id),
        "operation": {"id": str(card.operation_id), **card.operation},
        "fields": {
            name: cast(JsonObject, both) for name, both in card.fields.items() if name not in INTERNAL
        },
        "problem": card.problem,
        "version": card.version,
        "happened_at": to_text(card.happened_at),
        "recorded_at": to_text(card.recorded_at),
    }
    if card.resolved:
        body["resolved_at"] = to_text(card.resolved.at)
        body["resolved_by"] = str(card.resolved.by) if card.resolved.by else None
        body["take"] = card.resolved.take
    return {name: value for name, value in body.items() if value is not None}


def _about_json(card: Conflict) -> dict[str, Json] | None:
    if card.job is None:
        return None
    about: dict[str, Json] = {"id": str(card.job.id), "number": card.job.number}
    return about | {"template_id": str(card.job.template_id)} if card.job.template_id else about


def template_json(template: Template) -> dict[str, Json]:
    return {
        "id": str(template.id),
        "name": template.name,
        "version": template.version,
        "fields": [one.as_json() for one in template.fields],
        "resolutions": [one.as_json() for one in template.resolutions],
    }


def user_json(user: User) -> dict[str, Json]:
    body: dict[str, Json] = {
        "id": str(user.id),
        "login": user.login,
        "name": user.name,
        "role": user.role,
        "time_zone": user.time_zone,
        "locale": user.locale,
        "active": user.active,
    }
    return {name: value for name, value in body.items() if value is not None}


def account_json(account: Account) -> dict[str, Json]:
    return {
        "id": str(account.id),
        "name": account.name,
        "time_zone": account.time_zone,
        "locale": account.locale,
        "policy": account.policy,
        "push_text": account.push_text,
    }


def room_json(room: Room, installation: Limits) -> dict[str, Json]:
    """What an account may keep, and keeps."""
    limits = installation.within(room.file_max_bytes, room.quota_bytes)
    return {
        "max_bytes": limits.file_max_bytes,
        "quota_bytes": limits.quota_bytes,
        "stored_bytes": room.stored_bytes,
    }


def device_json(row: DeviceRow) -> dict[str, Json]:
    """A phone as the desk sees it: whose, and how it is."""
    device, health = row.device, row.health
    body: dict[str, Json] = {
        "id": str(device.id),
        "worker_id": str(row.worker_id),
        "name": device.name,
        "platform": device.platform,
        "app_version": device.app_version,
        "locale": device.locale,
        "time_zone": device.time_zone,
        "push": push_state_json(row.push) if row.push else None,
    }
    if health:
        body["last_contact_at"] = to_text(health.last_contact_at)
        body["network"] = health.network
        body["unsent"] = {
            "operations": health.unsent_operations or 0,
            "files": health.unsent_files or 0,
            "bytes": health.unsent_bytes or 0,
        }
    return body


def push_state_json(push: PushState) -> dict[str, Json]:
    """Whether a device is reached, and if not, why."""
    body: dict[str, Json] = {"channel": push.channel, "state": push.state, "since": to_text(push.since)}
    return body | {"reason": push.reason} if push.reason else body


def push_json(push: Push) -> dict[str, Json]:
    """One message to one phone, and what became of it."""
    body: dict[str, Json] = {
        "id": str(push.id),
        "worker_id": str(push.worker_id),
        "worker_name": push.worker_name,
        "device_id": str(push.device_id) if push.device_id else None,
        "device_name": push.device_name,
        "channel": push.channel,
        "reason": push.reason,
        "state": push.state,
        "detail": push.detail,
        "silent": True if push.silent else None,
        "created_at": to_text(push.created_at),
        "sent_at": to_text(push.sent_at) if push.sent_at else None,
    }
    return {name: value for name, value in body.items() if value is not None}
