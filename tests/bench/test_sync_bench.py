"""`naryad bench sync`: every figure is measured, a missed one ends it with 1. None is judged here."""

import json

import pytest

from naryad.db.bench.fill import Size
from naryad_cli.bench import sync
from naryad_cli.bench.report import Figure, Report
from naryad_cli.failures import Exit
from naryad_cli.main import main

TINY = sync.Work(
    small=Size(workers=10, jobs=100),
    large=Size(workers=50, jobs=1_000),
    pairs=2,
    seconds=0.2,
    rounds=2,
    link_rounds=1,
)


async def test_every_figure_is_measured() -> None:
    report = await sync.measure(TINY)
    told = json.loads(report.as_json())
    assert [one["name"] for one in told["figures"]] == [
        "idle polls a second, share of the floor",
        "statement of an idle poll, large against small",
        "request of an idle poll, large against small",
        "idle poll",
        "one changed field of one job",
        "first sync of 40 typical jobs",
        "ten changed jobs on the slow link",
    ]
    for figure in told["figures"]:
        assert figure["value"] is None or figure["value"] > 0
        assert {"at_least", "at_most"} & figure.keys()
    assert told["work"]["large"]["jobs"] == 1_000
    assert told["machine"]["cores"] > 0


@pytest.mark.parametrize(("value", "code"), [(0.8, Exit.OK), (0.7, Exit.FAILED), (None, Exit.OK)])
def test_a_missed_bound_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: float | None, code: Exit
) -> None:
    async def measured(_: sync.Work) -> Report:
        figure = Figure("polls", value, "of the floor", at_least=0.75, detail={"why": "no link"})
        return Report("sync", {}, {"cores": 2}, [figure])

    monkeypatch.setattr(sync, "measure", measured)
    assert main(["bench", "sync", "--json"]) == code
    assert json.loads(capsys.readouterr().out)["kept"] is (code is Exit.OK)
    assert main(["bench", "sync"]) == code
    assert "polls" in capsys.readouterr().out
