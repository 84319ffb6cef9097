"""What can come back from a sync, parsed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from naryad.domain.json import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Unchanged:
    """204: nothing new."""


@dataclass(frozen=True, slots=True)
class Page:
    """200: what changed, and what became of the operations."""

    cursor: str
    acknowledged: int | None = None
    """Absent in the answer to a GET, which sends no operations."""
    more: bool = False
    server_time: str = ""
    results: Sequence[JsonObject] = ()
    jobs: Sequence[JsonObject] = ()
    removed: Sequence[str] = ()
    templates: Sequence[JsonObject] = ()
    policy: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Any other status, with what the problem document said."""

    status: int
    slug: str = ""
    """The last part of `type`: `operation-gap` of `urn:naryad:problem:operation-gap`."""
    problem: JsonObject = field(default_factory=dict)
    retry_after_s: float | None = None

    @property
    def last_seq(self) -> int | None:
        value = self.problem.get("last_seq")
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def said(self) -> str:
        """What happened, in the server's words."""
        words = self.problem.get("detail") or self.problem.get("title")
        return words if isinstance(words, str) else f"The server answered {self.status}."


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No answer: whether the request arrived is unknown, so everything in it is sent again."""

    reason: str


Answer = Unchanged | Page | Refused | Unreachable


class Unintelligible(Exception):
    """A 200 whose body is not what the protocol says (a captive portal, a proxy's page)."""


def page(body: Json) -> Page:
    """Parse the body of a 200. Raises Unintelligible."""
    if not isinstance(body, Mapping) or not isinstance(body.get("cursor"), str):
        raise Unintelligible("the answer is not a sync answer")
    try:
        return Page(
            cursor=cast(str, body["cursor"]),
            acknowledged=cast("int | None", body.get("acknowledged")),
            more=body.get("more") is True,
            server_time=cast(str, body.get("server_time") or ""),
            results=_objects(body, "results", {"seq", "id", "status"}),
            jobs=_objects(body, "jobs", {"id", "version", "complete"}),
            removed=[str(one) for one in cast("Sequence[Json] | None", body.get("removed")) or ()],
            templates=_objects(body, "templates", {"id"}),
            policy=cast("JsonObject | None", body.get("policy")),
        )
    except (TypeError, KeyError) as unexpected:
        raise Unintelligible(f"the answer is not a sync answer: {unexpected!r}") from unexpected


def _objects(body: JsonObject, member: str, needed: set[str]) -> Sequence[JsonObject]:
    listed = body.get(member)
    for one in cast("Sequence[Json] | None", listed) or ():
        if not isinstance(one, Mapping) or not needed <= one.keys():
            raise TypeError(f"in {member}: {one!r}")
    return cast("Sequence[JsonObject]", listed or ())


def slug(problem: JsonObject) -> str:
    return str(problem.get("type", "")).rpartition(":")[2]
