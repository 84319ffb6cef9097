"""`docs/protocol.md`: its examples are what both sides understand."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from naryad.device.answers import page
from naryad.device.operations import Work, operation_from_json
from naryad.domain.ids import OperationId
from naryad.domain.operation import parse
from naryad.domain.push_rules import Reason
from naryad.domain.sync_policy import Trigger
from naryad.domain.transitions import WORKER
from naryad_api.shapes.push_registrations import PushRegistration

TEXT = (Path(__file__).parent.parent.parent / "docs" / "protocol.md").read_text()
BLOCKS = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", TEXT, re.S | re.M)]


def block(*members: str) -> Any:
    """The only example with these members."""
    (found,) = [one for one in BLOCKS if isinstance(one, dict) and set(members) <= one.keys()]
    return found


def operations() -> list[dict[str, Any]]:
    (listed,) = [one for one in BLOCKS if isinstance(one, list)]
    return [*block("device", "operations")["operations"], *listed]


@pytest.mark.parametrize("sent", operations(), ids=lambda one: f"{one['seq']} {one['type']}")
def test_every_kind_of_operation_is_read_by_the_server_and_written_by_the_device(
    sent: dict[str, Any],
) -> None:
    parse(sent["seq"], OperationId(sent["id"]), sent)
    assert operation_from_json(sent).as_json() == sent


def test_no_kind_of_operation_is_left_out() -> None:
    assert len({one["type"] for one in operations()}) == len(get_args(Work))


def test_the_answer_is_read_by_the_device() -> None:
    answer = page(block("acknowledged"))
    assert [one["status"] for one in answer.results] == ["applied", "merged"]


def test_states_and_triggers_are_all_named() -> None:
    for state, onward in WORKER.items():
        if state not in ("posted", "scheduled"):
            (row,) = re.findall(rf"^\| `{state}` \|.*\|(.*)\|$", TEXT, re.M)
            assert set(re.findall(r"`(\w+)`", row)) == onward
    assert set(Trigger) <= set(re.findall(r"`(\w+)`", TEXT))


def test_what_the_page_points_to_exists() -> None:
    root = Path(__file__).parent.parent.parent
    for path in re.findall(r"`((?:src|tests)/[\w/.]+)`", TEXT):
        assert (root / path).exists(), path
    anchors = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", TEXT, re.M)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", TEXT)) <= anchors


def test_what_a_device_registers_for_pushes_is_what_the_server_takes() -> None:
    PushRegistration.model_validate(block("channel"))
    assert set(Reason) <= set(re.findall(r"`(\w+)`", TEXT))
