"""`naryad bench push`: every figure is measured, by real processes. None is judged here."""

import json
from pathlib import Path

import pytest

from naryad.db.bench.fill import Size
from naryad_cli.bench import push
from naryad_cli.bench.pushes.apple import apple, ceiling_per_s
from naryad_cli.bench.pushes.figures import CLAIMED
from naryad_cli.bench.pushes.identity import make_identity
from naryad_cli.failures import Exit
from naryad_cli.main import main

TINY = push.Work(
    size=Size(workers=10, jobs=60),
    messages=60,
    rounds=1,
    seconds=1,
    few=CLAIMED,
    many=2 * CLAIMED,
    claims=2,
)


async def test_every_figure_is_measured() -> None:
    report = await push.measure(TINY)
    told = json.loads(report.as_json())
    assert [one["name"] for one in told["figures"]] == [
        "claim of 100 deliveries inside PostgreSQL, 200 pending against 100",
        "claim of 100 deliveries from outside, 200 pending against 100",
        "from commit to provider, p50",
        "from commit to provider, p99",
        "deliveries a second of one pusher process",
    ]
    for figure in told["figures"]:
        assert figure["value"] > 0
        assert {"at_least", "at_most"} & figure.keys()
    assert told["figures"][2]["messages"] == 20
    assert told["figures"][4]["provider_ceiling_per_s"] > 0


async def test_the_provider_takes_every_message(tmp_path: Path) -> None:
    identity = make_identity(tmp_path)
    async with apple(identity, tmp_path) as provider:
        assert await ceiling_per_s(provider, identity, seconds=0.2) > 0
        assert len((await provider.arrivals()).versions) == 0, "the ceiling's own messages are forgotten"


def test_an_unknown_part_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "push", "--only", "rate,weather"]) == Exit.USAGE
    assert "weather" in capsys.readouterr().err
