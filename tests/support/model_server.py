"""A small model of the server's side of a sync: one worker, one device, in memory.

Written from `docs/protocol.md` alone, so that the device is proved against the protocol and not
against the server's code. Everything goes in and out as JSON.
"""

import copy
import json
from dataclasses import dataclass, field
from typing import Any

from naryad.domain.states import JobState
from naryad.domain.transitions import Party, may_move

PAGE = 2  # jobs; small, so that paging is met all the time
SHELL = {"report": dict, "photos": list, "comments": list}


@dataclass
class Row:
    version: int
    visible_since: int
    visible: bool = True
    fields: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)


@dataclass
class ModelServer:
    epoch: int = 1
    head: int = 0
    floor: int = 0
    restored_at: list[int] = field(default_factory=list)
    jobs: dict[str, Row] = field(default_factory=dict)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)

    def dispatch(self, job: str, visible: bool | None = True, **fields: Any) -> None:
        """The desk creates, edits, gives or takes a job."""
        self._write(job, fields, visible)

    def backup(self) -> "ModelServer":
        return copy.deepcopy(self)

    @classmethod
    def restore(cls, backup: "ModelServer") -> "ModelServer":
        server = copy.deepcopy(backup)
        server.restored_at.append(server.head)
        server.head += 10**9
        server.epoch += 1
        return server

    def expire_cursors(self) -> None:
        self.head += 1
        self.floor = self.head

    def get(self, cursor: str | None) -> tuple[int, Any]:
        status, since, base = self._read_cursor(cursor)
        if status != 200:
            return self._problem(status, "cursor-expired" if status == 410 else "invalid-cursor")
        if not self._due(since) and base is None:
            return 204, None
        return 200, self._page(since, base, [])

    def post(self, body: dict[str, Any]) -> tuple[int, Any]:
        body = json.loads(json.dumps(body))
        status, since, base = self._read_cursor(body["cursor"])
        if status != 200:
            return self._problem(status, "cursor-expired" if status == 410 else "invalid-cursor")
        answered = self._operations(body["operations"])
        if isinstance(answered, str):
            return self._problem(409, answered, last_seq=len(self.receipts))
        if "have" in body:
            return 200, self._differences(body["have"], answered)
        return 200, self._page(since, base, answered)

    def truth(self) -> dict[str, tuple[int, dict[str, Any]]]:
        """What the device must hold in the end."""
        return {id: (row.version, row.fields) for id, row in self.jobs.items() if row.visible}

    def _write(self, job: str, fields: dict[str, Any], visible: bool | None = None) -> int:
        self.head += 1
        row = self.jobs.setdefault(job, Row(0, self.head, fields={"state": "published"}))
        if not row.changed:
            row.changed = {"state": self.head}
        if visible and not row.visible:
            row.visible_since = self.head
        row.visible = row.visible if visible is None else visible
        row.version = self.head
        for name, value in fields.items():
            row.changed[name] = self.head
            row.fields[name] = value
            if value is None:
                del row.fields[name]
        return self.head

    def _operations(self, sent: list[dict[str, Any]]) -> list[dict[str, Any]] | str:
        seq = len(self.receipts)
        for one in sent:
            if one["seq"] > seq + 1:
                return "operation-gap"
            if one["seq"] <= len(self.receipts) and self.receipts[one["seq"] - 1]["id"] != one["id"]:
                return "operation-mismatch"
            seq = max(seq, one["seq"])
        return [self._operation(one) for one in sent]

    def _operation(self, one: dict[str, Any]) -> dict[str, Any]:
        before = next((kept for kept in self.receipts if kept["id"] == one["id"]), None)
        if before:
            if one["seq"] > len(self.receipts):
                self.receipts.append(before)
            return {**before, "seq": one["seq"], "status": "duplicate", "original_status": before["status"]}
        result = {"seq": one["seq"], "id": one["id"], **self._effect(one)}
        self.receipts.append(result)
        return result

    def _effect(self, one: dict[str, Any]) -> dict[str, Any]:
        row = self.jobs.get(one["job_id"])
        if row is None:
            return {"status": "rejected", "problem": {"type": "urn:naryad:problem:job-not-found"}}
        if one["type"] == "set_state":
            to = JobState(one["state"])
            if not row.visible or not may_move(Party.WORKER, JobState(row.fields["state"]), to):
                return {"status": "rejected", "problem": {"type": "urn:naryad:problem:job-gone"}}
            fields: dict[str, Any] = {"state": to.value}
        elif one["type"] == "set_report":
            fields = {f"report.{key}": value for key, value in one["fields"].items()}
            fields = {name: value for name, value in fields.items() if row.fields.get(name) != value}
        elif one["type"] == "add_comment":
            fields = {f"comments.{one['comment']['id']}": one["comment"]}
        elif one["type"] == "add_photo":
            fields = {f"photos.{one['photo']['id']}": {**one["photo"], "state": "expected"}}
        else:
            fields = {f"photos.{one['photo_id']}": None} if f"photos.{one['photo_id']}" in row.fields else {}
        self.effects.append(one["id"])
        status = "applied" if row.visible else "late"
        return {"status": status, "version": self._write(one["job_id"], fields)}

    def _read_cursor(self, cursor: str | None) -> tuple[int, int, int | None]:
        if cursor is None:
            return 200, 0, None
        parts = cursor.split(".")
        if not all(part.isdigit() for part in parts):
            return 400, 0, None
        epoch, since, *base = map(int, parts)
        if epoch != self.epoch or since > self.head or since < self.floor:
            return 410, 0, None
        return 200, since, base[0] if base else None

    def _due(self, since: int) -> list[tuple[str, Row]]:
        due = [(id, row) for id, row in self.jobs.items() if row.version > since]
        return sorted(due, key=lambda one: one[1].version)

    def _page(self, since: int, base: int | None, results: list[dict[str, Any]]) -> dict[str, Any]:
        base = since if base is None else base
        due = self._due(since)
        page, more = due[:PAGE], len(due) > PAGE
        jobs = [
            self._sent(id, row, None if row.visible_since > base else base) for id, row in page if row.visible
        ]
        at = page[-1][1].version if more else self.head
        cursor = f"{self.epoch}.{at}.{base}" if more else f"{self.epoch}.{at}"
        removed = [id for id, row in page if not row.visible]
        return self._answer(cursor, more, jobs, removed, results)

    def _differences(self, have: dict[str, int], results: list[dict[str, Any]]) -> dict[str, Any]:
        jobs, removed = [], [id for id in have if id not in self.truth()]
        for id, row in self.jobs.items():
            held = have.get(id)
            if row.visible and (held is None or self._lost_future(held)):
                jobs.append(self._sent(id, row, None))
            elif row.visible and held is not None and row.version > held:
                jobs.append(self._sent(id, row, None if row.visible_since > held else held))
        return self._answer(f"{self.epoch}.{self.head}", False, jobs, removed, results)

    def _lost_future(self, version: int) -> bool:
        """Numbers given out after the backup, before the restore: older than everything."""
        return any(at < version <= at + 10**9 for at in self.restored_at)

    def _answer(self, cursor: str, more: bool, jobs: Any, removed: Any, results: Any) -> dict[str, Any]:
        answer = {
            "cursor": cursor,
            "acknowledged": len(self.receipts),
            "more": more,
            "server_time": "2026-11-24T07:00:00Z",
            "results": results,
            "jobs": jobs,
            "removed": removed,
        }
        return json.loads(json.dumps(answer))

    def _sent(self, id: str, row: Row, since: int | None) -> dict[str, Any]:
        """The whole job, or what changed since a version."""
        names = row.fields if since is None else [name for name, at in row.changed.items() if at > since]
        sent: dict[str, Any] = {"id": id, "version": row.version, "complete": since is None}
        for name in names:
            group, _, key = name.partition(".")
            value = row.fields.get(name)
            if not key:
                sent[name] = value
            elif SHELL[group] is dict:
                sent.setdefault(group, {})[key] = value
            else:
                sent.setdefault(group, []).append({"id": key, "removed": True} if value is None else value)
        return sent

    def _problem(self, status: int, slug: str, **more: Any) -> tuple[int, Any]:
        return status, {"type": f"urn:naryad:problem:{slug}", "status": status, "title": slug, **more}
