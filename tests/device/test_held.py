"""Complete and partial jobs, against the vectors that the field app runs too."""

import json
from pathlib import Path
from typing import Any

import pytest

from naryad.device.held import HeldJob, UnknownJob, merged

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "partial_jobs.json").read_text())


def held(job: dict[str, Any] | None) -> dict[Any, HeldJob]:
    one = [merged({}, {**job, "complete": True})] if job else []
    return {job.id: job for job in one}


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_merged(case: dict[str, Any]) -> None:
    before = held(case["held"])
    if case["after"] == "resync":
        with pytest.raises(UnknownJob):
            merged(before, case["sent"])
        return
    after = merged(before, case["sent"])
    assert by_id(after.as_json()) == by_id(case["after"])


def by_id(job: dict[str, Any]) -> dict[str, Any]:
    lists = {name: {one["id"]: one for one in job[name]} for name in ("photos", "comments") if name in job}
    return {**job, **lists}
