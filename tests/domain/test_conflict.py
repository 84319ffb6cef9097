"""Which results make a conflict card, and what it offers to the desk."""

import pytest

from naryad.domain.conflict import ConflictKind, Sides, kind_of, moved_on, other_values, sides
from naryad.domain.operation import Status


@pytest.mark.parametrize(
    ("status", "overrode", "lost", "kind"),
    [
        (Status.APPLIED, (), (), None),
        (Status.MERGED, (), (), None),
        (Status.MERGED, ("a",), (), ConflictKind.OVERRODE),
        (Status.MERGED, (), ("a",), ConflictKind.LOST),
        (Status.MERGED, ("b",), ("a",), ConflictKind.LOST),
        (Status.LATE, (), (), ConflictKind.LATE),
        (Status.LATE, ("a",), ("b",), ConflictKind.LATE),
        (Status.REJECTED, (), (), ConflictKind.REJECTED),
        (Status.DUPLICATE, ("a",), ("b",), None),
    ],
)
def test_the_card_of_a_result(
    status: Status, overrode: tuple[str, ...], lost: tuple[str, ...], kind: ConflictKind | None
) -> None:
    assert kind_of(status, overrode, lost) is kind


def test_both_values_of_what_was_replaced_and_of_what_was_not_taken() -> None:
    before = {"report.meter": 1, "description": "а"}
    after = {"report.meter": 2, "report.note": "б", "description": "а"}
    assert sides(before, after, ["report.meter", "report.note"], {"description": None}) == {
        "report.meter": {"taken": 2, "refused": 1},
        "report.note": {"taken": "б", "refused": None},
        "description": {"taken": "а", "refused": None},
    }


def test_the_desk_can_write_plan_and_report_and_nothing_else() -> None:
    names = "report.meter custom_fields.floor description assignees state resolution photos.1 comments.1"
    fields = {name: Sides(taken=None, refused=name) for name in names.split()}
    assert other_values(fields) == {
        "report.meter": "report.meter",
        "custom_fields.floor": "custom_fields.floor",
        "description": "description",
        "assignees": "assignees",
    }


def test_a_field_has_moved_on_when_it_holds_neither_value() -> None:
    fields = {name: Sides(taken=1, refused=None) for name in ("taken", "refused", "third", "true")}
    assert moved_on(fields, {"taken": 1, "third": 2, "true": True}) == ["third", "true"]
