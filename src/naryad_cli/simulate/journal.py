"""What the phones made, and what they were told became of it: the simulation's own memory."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from naryad.device.operations import Operation
from naryad.domain.ids import DeviceId, OperationId
from naryad.domain.json import JsonObject


@dataclass(frozen=True, slots=True)
class Made:
    """Work that was saved on a phone: from here on it must not get lost."""

    device: DeviceId
    operation: Operation


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the server said became of an operation."""

    status: str
    """Of the first time, when it is told again."""
    version: int | None
    lost: tuple[str, ...] = ()
    problem: str | None = None
    """The slug that a refusal names."""


@dataclass(slots=True)
class Journal:
    made: dict[OperationId, Made] = field(default_factory=dict)
    outcomes: dict[OperationId, Outcome] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    """An operation that was told to have ended in two ways."""
    faults: Counter[str] = field(default_factory=Counter)
    """What went wrong on purpose, counted."""
    answers: int = 0
    """That any phone had, of whatever kind: while they come, the server is there."""

    def make(self, device: DeviceId, operation: Operation) -> None:
        self.made[operation.id] = Made(device, operation)

    def hear(self, results: Sequence[JsonObject]) -> None:
        for result in results:
            id, outcome = OperationId(UUID(str(result["id"]))), _outcome(result)
            if result["status"] == "duplicate" and id not in self.outcomes:
                self.faults["told again"] += 1  # the first answer never came
            before = self.outcomes.setdefault(id, outcome)
            if before != outcome:
                self.contradictions.append(f"operation {id} was told to be {before}, then {outcome}")


def _outcome(result: JsonObject) -> Outcome:
    status = result["original_status"] if result["status"] == "duplicate" else result["status"]
    problem = cast("JsonObject", result.get("problem") or {})
    return Outcome(
        str(status),
        cast("int | None", result.get("version")),
        tuple(cast("list[str]", result.get("lost") or ())),
        str(problem["type"]).rpartition(":")[2] if "type" in problem else None,
    )
