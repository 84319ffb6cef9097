"""What dispatchers do to jobs, as values that a random test can draw and print."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, assert_never

import httpx

from naryad.domain.states import JobState


@dataclass(frozen=True)
class Create:
    """`crew` chooses the assignees; a planned job is not on any phone yet."""

    crew: int
    published: bool = True


@dataclass(frozen=True)
class CreateAgain:
    """A job under the id of one that was deleted."""

    n: int
    crew: int


@dataclass(frozen=True)
class Edit:
    """`base` is the version that the dispatcher saw, perhaps on a screen left open for long."""

    n: int
    fields: dict[str, Any]
    base: int | None = None


@dataclass(frozen=True)
class Reassign:
    n: int
    crew: int


@dataclass(frozen=True)
class Reschedule:
    n: int
    days: int | None


@dataclass(frozen=True)
class Move:
    """Publish, unpublish, finish, cancel or reopen; `resolution` by its place in the template."""

    n: int
    to: JobState
    resolution: int | None = None


@dataclass(frozen=True)
class Delete:
    n: int


DeskWork: TypeAlias = Create | CreateAgain | Edit | Reassign | Reschedule | Move | Delete


@dataclass(frozen=True)
class Ask:
    """A request of a desk."""

    method: str
    path: str
    body: dict[str, Any] | None
    job: str | None


@dataclass
class Board:
    """The jobs of a company as its desks name them, by number."""

    crews: list[list[dict[str, Any]]]
    template: dict[str, Any]
    jobs: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def ask(self, work: DeskWork) -> Ask | None:
        """None when there is nothing to do it to."""
        match work:
            case Create(crew, published):
                return Ask("POST", "/v1/jobs", self._plan(crew, published), None)
            case CreateAgain(n, crew):
                again = _nth(self.deleted, n)
                return again and Ask("POST", "/v1/jobs", {"id": again, **self._plan(crew, True)}, again)
        job = _nth(self.jobs, work.n)
        if job is None:
            return None
        path = f"/v1/jobs/{job}"
        match work:
            case Edit(_, fields, base):
                body = fields if base is None else {**fields, "base_version": base}
                return Ask("PATCH", path, body, job)
            case Reassign(_, crew):
                return Ask("PATCH", path, {"assignees": self.crews[crew]}, job)
            case Reschedule(_, days):
                return Ask("PATCH", path, {"scheduled_at": None if days is None else in_days(days)}, job)
            case Move(_, to, resolution):
                chosen = None if resolution is None else self.template["resolutions"][resolution]["id"]
                return Ask("POST", f"{path}/state", {"to": to, "resolution_id": chosen}, job)
            case Delete():
                return Ask("DELETE", path, None, job)
            case _:
                assert_never(work)

    def done(self, ask: Ask, answer: httpx.Response) -> None:
        """Remember what an accepted request did to the list of jobs."""
        if ask.method == "DELETE" and ask.job in self.jobs:
            self.jobs.remove(ask.job)
            self.deleted.append(ask.job)
        if answer.status_code == 201:
            self.jobs.append(answer.json()["id"])
            if ask.job in self.deleted:
                self.deleted.remove(ask.job)

    def _plan(self, crew: int, published: bool) -> dict[str, Any]:
        return {
            "scheduled_at": in_days(0),
            "template_id": self.template["id"],
            "assignees": self.crews[crew],
            "state": "published" if published else "scheduled",
            "description": "Заменить счётчик",
        }


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def _nth(listed: list[str], n: int) -> str | None:
    return listed[n % len(listed)] if listed else None
