"""What the oracle says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from naryad.domain.json import Json

MOST_SHOWN = 50


class Fault(StrEnum):
    LOST = "lost"
    """Work, or what a dispatcher was promised, has left no trace."""
    DOUBLED = "doubled"
    """Something happened more often than somebody did it."""
    DIVERGED = "diverged"
    """A phone, a job or its history says something else than the others."""
    UNSENT = "unsent"
    """Work is still on a phone although it had the time to be sent."""


@dataclass(frozen=True, slots=True)
class Finding:
    fault: Fault
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    seed: int
    operations: int
    """Made by workers."""
    results: Counter[str]
    """Operations by what became of them."""
    refusals: Counter[str]
    """Rejected operations by the slug of their reason."""
    promises: int
    """Writes that dispatchers were told had happened."""
    changes: int
    """In the histories of all jobs."""
    jobs: int
    faults: Counter[str]
    """What went wrong on purpose."""
    settled_s: float | None
    """From the end of all faults until every phone was in step; None: not within two sync periods."""
    findings: Sequence[Finding]

    @property
    def clean(self) -> bool:
        return not self.findings

    def count(self, fault: Fault) -> int:
        return sum(one.fault is fault for one in self.findings)

    def as_json(self) -> dict[str, Json]:
        return {
            "clean": self.clean,
            "seed": self.seed,
            **{fault.value: self.count(fault) for fault in Fault},
            "operations": self.operations,
            "results": dict(self.results.most_common()),
            "refusals": dict(self.refusals.most_common()),
            "promises": self.promises,
            "changes": self.changes,
            "jobs": self.jobs,
            "faults": dict(self.faults.most_common()),
            "settled_s": None if self.settled_s is None else round(self.settled_s, 2),
            "findings": [{"fault": one.fault, "text": one.text} for one in self.findings[:MOST_SHOWN]],
        }

    def words(self) -> str:
        """For a person."""
        lines = [f"{one.fault}: {one.text}" for one in self.findings[:MOST_SHOWN]]
        if len(self.findings) > MOST_SHOWN:
            lines.append(f"and {len(self.findings) - MOST_SHOWN} more")
        became = ", ".join(f"{number} {status}" for status, number in self.results.most_common())
        went_wrong = ", ".join(f"{number} {what}" for what, number in self.faults.most_common()) or "nothing"
        settled = "NOT" if self.settled_s is None else f"{self.settled_s:.1f} s after that"
        counted = ", ".join(f"{self.count(fault)} {fault}" for fault in Fault)
        return "\n".join(
            [
                *lines,
                f"operations   {self.operations}: {became}",
                f"promises     {self.promises} to dispatchers; {self.changes} changes of {self.jobs} jobs",
                f"went wrong   {went_wrong}",
                f"all in step  {settled}",
                f"verdict      {'clean' if self.clean else 'NOT CLEAN'}: {counted} (seed {self.seed})",
            ]
        )
