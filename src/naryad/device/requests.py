"""The next request: an idle poll when there is nothing to say, else a POST."""

from dataclasses import dataclass, replace

from naryad.device.operations import Operation
from naryad.device.state import DeviceState, Health
from naryad.domain.json import Json, JsonObject
from naryad.domain.sync_policy import Trigger

MOST_OPERATIONS = 500
"""In one request."""


@dataclass(frozen=True, slots=True)
class Poll:
    """GET /v1/sync"""

    cursor: str | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """POST /v1/sync"""

    cursor: str | None
    operations: tuple[Operation, ...]
    health: Health
    body: JsonObject


Request = Poll | Exchange


def next_request(
    state: DeviceState, health: Health, trigger: Trigger, now: str, most: int = MOST_OPERATIONS
) -> Request:
    """What to send. `health.unsent_operations` is reckoned here; `now` is the phone's time, RFC 3339 with
    offset (the server measures the phone's clock by it); `most` is lowered after a 413."""
    operations = state.outbox[:most]
    health = replace(health, unsent_operations=len(state.outbox) - len(operations))
    if not operations and not state.expired and health == state.told:
        return Poll(state.cursor)
    body: dict[str, Json] = {
        "cursor": state.cursor,
        "device": _told(health, trigger, now),
        "operations": [one.as_json() for one in operations],
    }
    if state.expired:
        body["have"] = {str(job.id): job.version for job in state.jobs.values()}
    return Exchange(state.cursor, operations, health, body)


def _told(health: Health, trigger: Trigger, now: str) -> JsonObject:
    return {
        "trigger": trigger,
        "network": health.network,
        "now": now,
        "unsent": {
            "operations": health.unsent_operations,
            "files": health.unsent_files,
            "bytes": health.unsent_bytes,
        },
        "app_version": health.app_version,
    }
