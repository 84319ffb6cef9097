"""A job is the sum of its changes, and its wire shape the nesting of its fields."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.jobs import MADE, fields_of, job_of, person
from naryad.domain.change import Actor, ActorKind, Change, ChangeKind, FieldChange, difference, replay
from naryad.domain.job import changed_since, group, group_of, nest
from naryad.domain.json import JsonObject, is_empty, same

values = st.recursive(
    st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, 1.5]) | st.text("аб", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xy"), inner, max_size=2),
    max_leaves=4,
).filter(lambda value: not is_empty(value))
names = st.sampled_from(
    ["description", "type", "report.meter", "report.note", "photos.1", "custom_fields.floor"]
)
fields = st.dictionaries(names, values, max_size=6)


@given(old=fields, new=fields)
def test_a_difference_leads_from_the_old_to_the_new(old: JsonObject, new: JsonObject) -> None:
    steps = difference(old, new)
    assert same(replay(old, change(steps)), new)
    assert all(not same(step["old"], step["new"]) for step in steps.values())


@given(history=st.lists(fields, max_size=6))
def test_all_changes_in_order_give_the_job(history: list[JsonObject]) -> None:
    job: JsonObject = {}
    for old, new in zip([{}, *history], history, strict=False):
        job = replay(job, change(difference(old, new)))
    assert same(job, history[-1] if history else {})


@given(history=st.lists(fields, min_size=1, max_size=6), data=st.data())
def test_what_changed_since_any_version_makes_an_old_copy_new(
    history: list[JsonObject], data: st.DataObject
) -> None:
    """The delta for a cursor needs no log: the fields whose version is greater."""
    versions: dict[str, int] = {}
    for version, (old, new) in enumerate(zip([{}, *history], history, strict=False), start=1):
        versions |= dict.fromkeys(difference(old, new), version)
    job = job_of(history[-1], versions, version=len(history))
    held_at = data.draw(st.integers(0, len(history)))
    copy = {**(history[held_at - 1] if held_at else {}), **changed_since(job, held_at)}
    assert same({name: value for name, value in copy.items() if value is not None}, job.fields)


def test_a_lost_value_replays_to_what_was_kept() -> None:
    kept: FieldChange = {"old": "а", "new": "а", "lost": "б"}
    nothing: FieldChange = {"old": None, "new": None, "lost": 5}
    assert replay({"description": "а"}, change({"description": kept, "report.meter": nothing})) == {
        "description": "а"
    }


def test_nesting() -> None:
    assert nest(
        {
            "state": "started",
            "report.meter": 123,
            "report.a.b": 1,
            "custom_fields.floor": None,
            "photos.1": {"id": "1", "state": "expected"},
            "photos.2": None,
            "comments.3": {"id": "3"},
        }
    ) == {
        "state": "started",
        "report": {"meter": 123, "a.b": 1},
        "custom_fields": {"floor": None},
        "photos": [{"id": "1", "state": "expected"}, {"id": "2", "removed": True}],
        "comments": [{"id": "3"}],
    }


def test_groups() -> None:
    job: JsonObject = {"report.meter": 1, "report.a.b": 2, "reported": 3, "photos.1": 4}
    assert group(job, "report") == {"meter": 1, "a.b": 2}
    assert (group_of("report.a.b"), group_of("report")) == ("report", None)


def test_assignees() -> None:
    job = job_of(fields_of({"state": "published"}, ["ivan", "olga"]))
    assert [one.can_edit for one in job.assignees] == [True, False]
    found = job.assignee(person("olga"))
    assert found is not None
    assert found.worker_id == person("olga")
    assert job.assignee(person("timur")) is None
    assert job_of({"state": "posted"}).assignees == ()


def test_equal_as_json() -> None:
    assert same(1, 1.0)
    assert same({"a": [1, "x"]}, {"a": [1, "x"]})
    different: list[tuple[Any, Any]] = [
        (True, 1),
        (False, 0),
        ([True], [1]),
        ({"a": False}, {"a": 0}),
        (None, False),
        ({"a": None}, {}),
        ("1", 1),
        ([1], [1, 2]),
        ("ab", ["a", "b"]),
    ]
    for one, other in different:
        assert not same(one, other), (one, other)
        assert not same(other, one), (other, one)


def change(steps: Mapping[str, FieldChange]) -> Change:
    return Change(1, ChangeKind.EDITED, None, steps, Actor(ActorKind.SYSTEM, None, ""), False, MADE, MADE)
