"""Merging a change made against an older version, field by field."""

from typing import Any

from domain.jobs import job_of
from naryad.domain.merge import merge, owner, younger_fields
from naryad.domain.transitions import Party
from support.vectors import load, named


@named(load("merge")["cases"])
def test_merge(case: dict[str, Any]) -> None:
    foreign = {name: Party(one) for name, one in case["foreign"].items()}
    merged = merge(job_of(case["job"]), case["wanted"], Party(case["party"]), foreign)

    assert (repr(merged.write), merged.overrode) == (repr(case["write"]), tuple(case.get("overrode", ())))
    assert merged.lost == case.get("lost", {})
    assert merged.concurrent is case["concurrent"]


def test_whose_word_counts() -> None:
    for name in ("report.meter", "photos.1", "comments.1"):
        assert owner(name) is Party.WORKER
    for name in ("description", "assignees", "custom_fields.report", "attachments.1", "report", "reported"):
        assert owner(name) is Party.DISPATCHER


def test_younger_fields_are_those_changed_after_the_base() -> None:
    job = job_of({}, {"a": 4, "b": 5, "c": 6}, version=6)
    assert younger_fields(job, {"a": 1, "b": 1, "c": 1, "new": 1}, 5) == {"c": 6}
    assert younger_fields(job, {"a": 1}, 0) == {"a": 4}
