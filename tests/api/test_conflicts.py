"""Conflict cards: which results make one, and what it tells (DESIGN 4.3)."""

from typing import Any

import pytest

from naryad.db import conflicts
from naryad.domain import merge
from naryad.uuid7 import uuid7
from support.account import Office
from support.conflicts import cards, overrode


async def held_by_ivan(office: Office, **fields: Any) -> dict[str, Any]:
    """A job as Ivan's phone holds it, before the desk goes on."""
    job = await office.create_job(**fields)
    await office.ivan.sync()
    return dict(office.ivan.jobs[job["id"]])


async def at_the_desk(office: Office, job: dict[str, Any], **fields: Any) -> None:
    answer = await office.desk.patch(f"/v1/jobs/{job['id']}", json=fields)
    assert answer.status_code == 200, answer.text


async def test_the_workers_value_replaced_another(office: Office) -> None:
    job = await held_by_ivan(office)
    await at_the_desk(office, job, report={"meter": 1, "note": "то же"})
    fill = office.ivan.operation(job, "set_report", fields={"meter": 2, "note": "то же"})
    result = (await office.ivan.sync(fill))["results"][0]
    (card,) = await cards(office)
    assert {name: card[name] for name in ("kind", "job", "worker_id", "device_id", "fields", "version")} == {
        "kind": "overrode",
        "job": {"id": job["id"], "number": job["number"], "template_id": office.template["id"]},
        "worker_id": office.ivan.worker_id,
        "device_id": office.ivan.device_id,
        "fields": {"report.meter": {"taken": 2, "refused": 1}},
        "version": result["version"],
    }
    assert card["operation"] == {name: value for name, value in fill.items() if name != "seq"}
    assert card["happened_at"] <= card["recorded_at"]
    assert "problem" not in card
    assert "resolved_at" not in card
    assert await cards(office, job=job["id"]) == [card]


async def test_the_workers_value_was_not_taken(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """No operation of today writes a field of the desk's; were the report one, this would come."""
    monkeypatch.setattr(merge, "WORKERS_GROUPS", frozenset())
    job = await held_by_ivan(office)
    await at_the_desk(office, job, report={"meter": 1})
    await office.ivan.sync(office.ivan.operation(job, "set_report", fields={"meter": 2, "note": "новое"}))
    (card,) = await cards(office)
    assert (card["kind"], card["fields"]) == ("lost", {"report.meter": {"taken": 1, "refused": 2}})
    assert card["version"] == (await office.job(job["id"]))["version"]


async def test_late_work_tells_what_it_wrote_and_what_was_there(office: Office) -> None:
    job = await held_by_ivan(office)
    await at_the_desk(office, job, assignees=[{"worker_id": office.olga.worker_id}])
    await office.olga.sync()
    await office.olga.sync(
        office.olga.operation(office.olga.jobs[job["id"]], "set_report", fields={"note": "Ольги"})
    )
    comment = {"id": str(uuid7()), "text": "Был там"}
    await office.ivan.sync(
        office.ivan.operation(job, "set_report", fields={"note": "Ивана", "meter": 7}),
        office.ivan.operation(job, "add_comment", comment=comment),
        office.ivan.operation(job, "set_state", state="started"),
    )
    refused, commented, filled = await cards(office)
    assert (filled["kind"], commented["kind"], refused["kind"]) == ("late", "late", "rejected")
    assert filled["fields"] == {
        "report.note": {"taken": "Ивана", "refused": "Ольги"},
        "report.meter": {"taken": 7, "refused": None},
    }
    (written,) = commented["fields"].values()
    assert (written["taken"]["text"], written["refused"]) == ("Был там", None)
    assert refused["problem"]["type"] == "urn:naryad:problem:job-gone"
    assert refused["fields"] == {"state": {"taken": "published", "refused": "started"}}
    assert "version" not in refused


async def test_a_refused_operation_is_kept_and_makes_no_version(office: Office) -> None:
    job = await held_by_ivan(office)
    answer = await office.desk.post(f"/v1/jobs/{job['id']}/state", json={"to": "canceled"})
    before = answer.json()["version"]
    start = office.ivan.operation(job, "set_state", state="started")
    await office.ivan.sync(start)
    (card,) = await cards(office)
    assert (card["kind"], card["fields"]) == (
        "rejected",
        {"state": {"taken": "canceled", "refused": "started"}},
    )
    assert card["problem"]["type"] == "urn:naryad:problem:impossible-transition"
    assert card["operation"]["state"] == "started"
    assert (await office.job(job["id"]))["version"] == before
    position = (await office.desk.get("/v1/jobs")).json()["position"]
    assert position.endswith(f".{before}")


@pytest.mark.parametrize(
    ("operation", "slug", "typed"),
    [
        (
            {"type": "set_report", "fields": {"meter": "много"}},
            "invalid-operation",
            {"report.meter": "много"},
        ),
        ({"type": "set_report", "fields": {"a.b": "текст"}}, "invalid-operation", {}),
        ({"type": "set_mood", "mood": "хорошее"}, "invalid-operation", {}),
        ({"type": "set_state", "state": "started", "base_version": "?"}, "invalid-operation", {}),
        ({"type": "add_comment", "comment": {"id": "1", "text": "Привет"}}, "invalid-operation", {}),
        ({"type": "set_state", "state": "finished"}, "impossible-transition", {"state": "finished"}),
    ],
    ids=lambda value: str(value)[:50],
)
async def test_nothing_typed_vanishes_with_a_refusal(
    office: Office, operation: dict[str, Any], slug: str, typed: dict[str, Any]
) -> None:
    job = await held_by_ivan(office)
    type = operation.pop("type")
    sent = {**office.ivan.operation(job, type), **operation}
    await office.ivan.sync(sent)
    (card,) = await cards(office)
    assert card["problem"]["type"] == f"urn:naryad:problem:{slug}"
    assert card["operation"].items() >= {"type": type, **operation}.items()
    assert {name: both["refused"] for name, both in card["fields"].items()} == typed
    assert card["job"]["number"] == job["number"]


async def test_an_operation_that_names_no_job_of_ours_has_a_card_without_one(office: Office) -> None:
    nowhere = {"id": str(uuid7()), "version": 1}
    await office.ivan.sync(
        office.ivan.operation(nowhere, "set_report", fields={"meter": 1}),
        {
            **office.ivan.operation(nowhere, "set_state", state="started"),
            "job_id": 5,
            "happened_at": "когда-то",
        },
        {**office.ivan.operation(nowhere, "add_comment"), "text": "нуль\0"},
    )
    found = await cards(office)
    assert [one["kind"] for one in found] == ["rejected"] * 3
    assert all("job" not in one for one in found)
    assert found[0]["operation"]["text"] == "нуль\ufffd"


async def test_a_deleted_jobs_card_still_names_it(office: Office) -> None:
    job = await held_by_ivan(office)
    assert (await office.desk.delete(f"/v1/jobs/{job['id']}")).status_code == 204
    await office.ivan.sync(office.ivan.operation(job, "set_report", fields={"note": "Сделал"}))
    (card,) = await cards(office)
    assert card["job"] == {"id": job["id"], "number": job["number"]}
    assert card["fields"] == {"report.note": {"taken": None, "refused": "Сделал"}}
    answer = await office.desk.get(f"/v1/jobs/{job['id']}/conflicts")
    assert answer.json() == {"conflicts": [card], "next": None}


async def test_agreement_makes_no_card(office: Office) -> None:
    job = await held_by_ivan(office)
    await at_the_desk(office, job, report={"meter": 5}, description="Другое")
    result = (await office.ivan.sync(office.ivan.operation(job, "set_report", fields={"meter": 5})))[
        "results"
    ]
    assert result[0]["status"] == "merged"
    await office.ivan.sync(office.ivan.operation(job, "set_report", fields={"note": "Новое"}))
    assert await cards(office) == []


async def test_a_repeated_operation_makes_no_second_card(office: Office) -> None:
    job = await held_by_ivan(office)
    await at_the_desk(office, job, report={"meter": 1})
    fill = office.ivan.operation(job, "set_report", fields={"meter": 2})
    wrong = office.ivan.operation(job, "set_mood")
    await office.ivan.sync(fill, wrong)
    first = await cards(office)
    assert len(first) == 2
    again = await office.ivan.sync(fill, wrong)
    assert [one["original_status"] for one in again["results"]] == ["merged", "rejected"]
    renumbered = await office.ivan.sync({**fill, "seq": 3}, {**wrong, "seq": 4})
    assert [one["status"] for one in renumbered["results"]] == ["duplicate", "duplicate"]
    assert await cards(office) == first


async def test_the_list_is_filtered_and_paged_newest_first(office: Office) -> None:
    job = await held_by_ivan(office)
    await office.ivan.sync(*[office.ivan.operation(job, f"type_{n}") for n in range(5)])
    other = await overrode(office)
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 2, "worker": office.ivan.worker_id}
    while True:
        page = (await office.desk.get("/v1/conflicts", params=query)).json()
        assert page["open"] == 6
        found += page["conflicts"]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert found[0] == other
    assert [one["operation"]["type"] for one in found[1:]] == [f"type_{n}" for n in (4, 3, 2, 1, 0)]
    assert await cards(office, job=job["id"]) == found[1:]
    assert await cards(office, worker=office.olga.worker_id) == []
    assert await cards(office, open=False) == []
    paged = await office.desk.get(f"/v1/jobs/{job['id']}/conflicts", params={"limit": 2})
    assert paged.json() == {"conflicts": found[1:3], "next": found[2]["id"]}


async def test_large_cards_make_short_pages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "MOST_BYTES", 25_000)
    job = await held_by_ivan(office)
    text = "x" * 10_000
    await office.ivan.sync(*[office.ivan.operation(job, "set_mood", mood=text) for _ in range(4)])
    await office.ivan.sync(office.ivan.operation(job, "set_mood", mood=text * 4))
    sizes = []
    query: dict[str, Any] = {}
    while True:
        page = (await office.desk.get("/v1/conflicts", params=query)).json()
        sizes.append(len(page["conflicts"]))
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert sizes == [1, 2, 2]


async def test_cards_are_the_desks(office: Office) -> None:
    card = await overrode(office)
    for method, path, body in (
        ("GET", "/v1/conflicts", None),
        ("GET", f"/v1/jobs/{card['job']['id']}/conflicts", None),
        ("POST", f"/v1/conflicts/{card['id']}/resolve", {"take": "current"}),
    ):
        answer = await office.ivan.http.request(method, path, json=body)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:naryad:problem:forbidden")
    assert (await cards(office))[0] == card


async def test_a_clock_at_the_end_of_the_calendar_holds_up_no_queue(office: Office) -> None:
    job = await held_by_ivan(office)
    fill = {
        **office.ivan.operation(job, "set_report", fields={"meter": 1}),
        "happened_at": "0001-01-01T00:00:00Z",
    }
    answer = await office.ivan.post(fill, device={"now": "9999-12-31T23:00:00Z"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"][0]["status"] == "applied"
