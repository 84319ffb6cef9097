"""A report: figures with their bounds, the work they stand for, and the machine they were measured on."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is None where this machine could not measure it: `detail["why"]` says the reason."""

    name: str
    value: float | None
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    detail: Mapping[str, object] = field(default_factory=dict)

    @property
    def kept(self) -> bool | None:
        """Whether it is within its bound; None when it was not measured."""
        if self.value is None:
            return None
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )

    def as_json(self) -> dict[str, object]:
        bounds = {"at_least": self.at_least, "at_most": self.at_most}
        return {
            "name": self.name,
            "value": None if self.value is None else round(self.value, 3),
            "unit": self.unit,
            **{name: bound for name, bound in bounds.items() if bound is not None},
            "kept": self.kept,
            **self.detail,
        }

    def line(self) -> str:
        bound = f"at least {self.at_least:g}" if self.at_least is not None else f"at most {self.at_most:g}"
        if self.value is None:
            return f"not measured  {self.name}: {self.detail['why']}"
        shown = f"{self.value:.3g}" if self.value < 100 else f"{self.value:,.0f}"
        return f"{'kept  ' if self.kept else 'MISSED'}  {self.name}: {shown} {self.unit} ({bound})"


@dataclass(frozen=True, slots=True)
class Report:
    bench: str
    work: Mapping[str, object]
    machine: Mapping[str, object]
    figures: Sequence[Figure]

    @property
    def kept(self) -> bool:
        """No figure misses its bound."""
        return all(one.kept is not False for one in self.figures)

    def as_json(self) -> str:
        body = {
            "bench": self.bench,
            "kept": self.kept,
            "machine": self.machine,
            "work": self.work,
            "figures": [one.as_json() for one in self.figures],
        }
        return json.dumps(body, ensure_ascii=False, indent=1)

    def text(self) -> str:
        machine = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in self.machine.items())
        return "\n".join((machine, *(one.line() for one in self.figures)))


def machine() -> dict[str, object]:
    """Call it before the work: the load is then that of others."""
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "processor": platform.machine(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }
