"""The sync policy against the vectors that the field app runs too."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from naryad.domain.network import Network, Throughput, measured, network_class
from naryad.domain.sync_policy import (
    DEFAULT,
    Schedule,
    Trigger,
    asked,
    failed,
    open_lanes,
    policy_from_json,
    succeeded,
)

VECTORS = Path(__file__).parent.parent / "vectors"
POLICY = json.loads((VECTORS / "sync_policy.json").read_text())
NETWORK = json.loads((VECTORS / "network_class.json").read_text())


def named(cases: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case["name"])


def test_the_default_is_the_one_compiled_into_the_clients() -> None:
    assert asdict(DEFAULT) == POLICY["default_policy"]


@named(POLICY["schedules"])
def test_schedule(case: dict[str, Any]) -> None:
    schedule = Schedule()
    for step in case["steps"]:
        match step["event"]:
            case "succeeded":
                schedule = succeeded(DEFAULT, step["at"], step["chance"])
            case "failed":
                schedule = failed(schedule, DEFAULT, step["at"], step["chance"], step.get("retry_after_s"))
            case trigger:
                schedule = asked(schedule, Trigger(trigger), step["at"])
        assert schedule.next_at == pytest.approx(step["next_at"]), step


@named(POLICY["lanes"])
def test_lanes(case: dict[str, Any]) -> None:
    policy = replace(DEFAULT, files_on=case["files_on"])
    lanes = open_lanes(policy, Network(case["network"]), files_now=case["files_now"])
    assert (lanes.operations, lanes.files) == (case["operations"], case["files"])


@named(NETWORK["classes"])
def test_network_class(case: dict[str, Any]) -> None:
    known = {key: value for key, value in case.items() if key not in ("name", "network")}
    assert network_class(**known) == case["network"]


@named(NETWORK["throughput"])
def test_throughput(case: dict[str, Any]) -> None:
    average = Throughput()
    for one in case["transfers"]:
        average = measured(average, one["bytes"], one["seconds"], one["at"])
        assert average.kbit_s == (None if one["kbit_s"] is None else pytest.approx(one["kbit_s"]))
    for later in case.get("at_end", []):
        assert average.at(later["now"]) == (
            None if later["kbit_s"] is None else pytest.approx(later["kbit_s"])
        )


def test_a_policy_of_a_newer_server_is_understood() -> None:
    sent = {"version": 9, "interval_s": 60, "files_on": "wifi", "photo_quality": "best", "colour": "red"}
    assert policy_from_json(sent) == replace(DEFAULT, version=9, interval_s=60)
