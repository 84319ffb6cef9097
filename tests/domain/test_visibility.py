"""On whose phones a job is."""

from typing import Any

from domain.jobs import fields_of, job_of, person
from naryad.domain.visibility import viewers
from support.vectors import load, named


@named(load("visibility")["cases"])
def test_viewers(case: dict[str, Any]) -> None:
    job = None
    if case["job"] is not None:
        members = {name: value for name, value in case["job"].items() if name != "assigned"}
        job = job_of(fields_of(members, case["job"]["assigned"]))
    assert viewers(job) == {person(name) for name in case["viewers"]}
