"""Frames: a change encoded once for each audience, in the form of each transport (DESIGN 4.5)."""

import json
from dataclasses import dataclass
from enum import StrEnum

from naryad.db.devices import DeviceRow
from naryad.domain.change import Change
from naryad.domain.cursor import Position
from naryad.domain.ids import UserId
from naryad.domain.instant import to_text
from naryad.domain.json import Json, JsonObject
from naryad.wire import INTERNAL, device_json


class Resync(StrEnum):
    """Why a stream cannot go on without a gap."""

    EXPIRED = "expired"  # the position is older than what is replayed
    EPOCH = "epoch"  # the position belongs to another history, or lies beyond this one
    OVERFLOW = "overflow"  # the reader fell behind what is kept


def chunk(body: bytes) -> bytes:
    """As a part of an answer whose length is not known (RFC 9112 §7.1)."""
    return b"%x\r\n%b\r\n" % (len(body), body)


class Event:
    """One event, encoded once for all who are told of it: `chunk` for text/event-stream."""

    __slots__ = ("_data", "_message", "chunk", "id", "name")

    def __init__(self, name: str, id: str | None, data: bytes) -> None:
        head = (("" if id is None else f"id: {id}\n") + f"event: {name}\ndata: ").encode()
        self.name = name
        self.id = id
        self.chunk = chunk(head + data + b"\n\n")
        self._data = slice(len(self.chunk) - len(data) - 4, -4)
        self._message: str | None = None

    @property
    def data(self) -> bytes:
        """JSON."""
        return self.chunk[self._data]

    @property
    def message(self) -> str:
        """For a WebSocket: `{id, event, data}`."""
        if self._message is None:
            head = json.dumps({"id": self.id, "event": self.name}, separators=(",", ":"))
            self._message = f'{head[:-1]},"data":{self.data.decode()}}}'
        return self._message


@dataclass(frozen=True, slots=True)
class Frame:
    """A change as the desk sees it, and as each worker concerned does."""

    version: int
    desk: Event
    workers: dict[UserId, Event]

    def event_for(self, worker: UserId | None) -> Event | None:
        """What this audience is told: None for the desk as `worker` means everything."""
        return self.desk if worker is None else self.workers.get(worker)


def frame_of(epoch: str, change: Change) -> Frame:
    """Encode a change once for the desk, once for those who hold the job, once for those who lose it."""
    id = str(Position(epoch, change.version))
    head: dict[str, Json] = {
        "version": change.version,
        "kind": change.kind,
        "changed": sorted(change.fields.keys() - INTERNAL),
    }
    desk = {
        **head,
        **({"job": change.summary} if change.summary else {}),
        "actor": change.actor.as_json(),
        "happened_at": to_text(change.happened_at),
        "recorded_at": to_text(change.recorded_at),
    }
    workers: dict[UserId, Event] = {}
    if change.job_id is not None and (change.seen_by or change.gone_for):
        job: JsonObject = {"id": str(change.job_id), "version": change.version}
        held = Event("change", id, _json({**head, "job": job}))
        gone = Event("change", id, _json({**head, "job": job, "gone": True}))
        workers = dict.fromkeys(change.seen_by, held) | dict.fromkeys(change.gone_for, gone)
    return Frame(change.version, Event("change", id, _json(desk)), workers)


def resync(position: Position, reason: Resync) -> Event:
    return Event("resync", str(position), _json({"position": str(position), "reason": reason}))


def device_event(row: DeviceRow) -> Event:
    """A phone as `GET /v1/devices` shows it; no id, because it is no part of the history."""
    return Event("device", None, _json(device_json(row)))


def heartbeat(position: Position) -> Event:
    return Event("hb", str(position), b"{}")


def _json(value: JsonObject) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
