"""`naryad bench stream`: every figure is measured, by real processes. None is judged here."""

import json

import pytest

from naryad_cli.bench import stream
from naryad_cli.bench.report import Report
from naryad_cli.failures import Exit
from naryad_cli.main import main

TINY = stream.Work(
    companies=2,
    held_streams=8,
    told_streams=5,
    most_streams=12,
    seconds=0.3,
    idle_s=0.3,
    rounds=1,
    pairs=1,
    settle_s=0,
)


async def test_every_figure_is_measured() -> None:
    report = await stream.measure(TINY, list(stream.PARTS))
    told = json.loads(report.as_json())
    assert [one["name"] for one in told["figures"]] == [
        "memory of an idle stream, 6 open",
        "CPU of a delivery",
        "CPU of a delivery, sse-starlette against the gateway",
        "from commit to reader, p50",
        "from commit to reader, p99",
        "cores used by 12 idle streams",
        "changes a second with a gateway and its streams, share of those without",
        "nine of ten of 8 streams back after the gateway was killed",
        "replay reads of the database in that storm, per company",
    ]
    figures = {one["name"]: one for one in told["figures"]}
    assert all({"at_least", "at_most"} & one.keys() and one["value"] is not None for one in told["figures"])
    assert figures["CPU of a delivery"]["deliveries"] == 15 * (5 - 1)
    assert (
        0 < figures["from commit to reader, p50"]["value"] <= figures["from commit to reader, p99"]["value"]
    )
    assert figures["replay reads of the database in that storm, per company"]["value"] == 1
    assert told["work"]["told_streams"] == 5
    assert told["machine"]["cores"] > 0


def test_an_unknown_part_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "stream", "--only", "memory,weather"]) == Exit.USAGE
    assert "weather" in capsys.readouterr().err


def test_options_make_it_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[stream.Work, list[str]]] = []

    async def measured(work: stream.Work, parts: list[str]) -> Report:
        asked.append((work, parts))
        return Report("stream", {}, {}, [])

    monkeypatch.setattr(stream, "measure", measured)
    options = ["--streams", "50", "--seconds", "1", "--rounds", "1"]
    assert main(["bench", "stream", "--only", "memory,delivery", *options]) == Exit.OK
    ((work, parts),) = asked
    assert parts == ["memory", "delivery"]
    assert max(work.held_streams, work.told_streams, work.most_streams) == 50
    assert (work.seconds, work.rounds) == (1, 1)
