"""Closing a conflict card: by one person, once, and never over what somebody wrote since."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from naryad.actions.sweep import sweep_all
from support.account import Office
from support.conflicts import cards, overrode, resolve

SLUG = "urn:naryad:problem:"


async def test_keeping_the_current_value_just_closes(office: Office) -> None:
    card = await overrode(office)
    before = await office.job(card["job"]["id"])
    answer = await resolve(office, card, "current")
    assert answer.status_code == 200, answer.text
    closed = answer.json()
    me = (await office.desk.get("/v1/me")).json()["user"]["id"]
    assert closed == {**card, "resolved_at": closed["resolved_at"], "resolved_by": me, "take": "current"}
    assert await office.job(card["job"]["id"]) == before
    assert await cards(office, open=True) == []
    assert await cards(office, open=False) == await cards(office) == [closed]
    assert (await office.desk.get("/v1/conflicts")).json()["open"] == 0


async def test_taking_the_other_value_is_an_edit_of_the_desk(office: Office) -> None:
    card = await overrode(office, desks=1, workers=2)
    answer = await resolve(office, card, "other")
    assert (answer.status_code, answer.json()["take"]) == (200, "other")
    job = await office.job(card["job"]["id"])
    assert job["report"] == {"meter": 1}
    last = (await office.history(job["id"]))[-1]
    assert (last["kind"], last["actor"]["name"], last.get("device_id")) == ("edited", "Ромашка-admin", None)
    await office.ivan.sync()
    assert office.ivan.jobs[job["id"]] == job


async def test_what_was_refused_can_be_written_after_all(office: Office) -> None:
    """Somebody else was made the editor meanwhile: the work of the first is not lost."""
    job = await office.create_job()
    await office.ivan.sync()
    held = dict(office.ivan.jobs[job["id"]])
    both = [
        {"worker_id": one.worker_id, "can_edit": one is office.olga} for one in (office.ivan, office.olga)
    ]
    await office.desk.patch(f"/v1/jobs/{job['id']}", json={"assignees": both})
    await office.ivan.sync(office.ivan.operation(held, "set_report", fields={"meter": 42, "note": "Готово"}))
    (card,) = await cards(office)
    assert card["problem"]["type"] == f"{SLUG}not-editor"
    assert (await resolve(office, card, "other")).status_code == 200
    assert (await office.job(job["id"]))["report"] == {"meter": 42, "note": "Готово"}


async def test_late_work_can_be_taken_back(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    held = dict(office.ivan.jobs[job["id"]])
    olgas = [{"worker_id": office.olga.worker_id}]
    await office.desk.patch(f"/v1/jobs/{job['id']}", json={"assignees": olgas, "report": {"meter": 3}})
    await office.ivan.sync(office.ivan.operation(held, "set_report", fields={"meter": 9, "note": "поздно"}))
    (card,) = await cards(office)
    assert (await resolve(office, card, "other")).status_code == 200
    assert (await office.job(job["id"]))["report"] == {"meter": 3}


@pytest.mark.parametrize("first", ["current", "other"])
async def test_the_first_to_close_a_card_wins(office: Office, truth: asyncpg.Connection, first: str) -> None:
    card = await overrode(office)
    closed = await resolve(office, card, first)
    version = await truth.fetchval("select version from account_head")
    for again in ("current", "other"):
        answer = await resolve(office, card, again)
        assert (answer.status_code, answer.json()) == (200, closed.json())
    assert await truth.fetchval("select version from account_head") == version


async def test_two_dispatchers_at_once_close_it_once(office: Office) -> None:
    card = await overrode(office)
    answers = await asyncio.gather(*[resolve(office, card, "other") for _ in range(8)])
    assert {one.status_code for one in answers} == {200}
    assert len({one.text for one in answers}) == 1
    assert len(await office.history(card["job"]["id"])) == 4  # created, desk's, worker's, and one resolution


async def test_what_was_written_since_is_not_overwritten(office: Office) -> None:
    card = await overrode(office, desks=1, workers=2)
    job_id = card["job"]["id"]
    await office.ivan.sync(office.ivan.operation(office.ivan.jobs[job_id], "set_report", fields={"meter": 3}))
    answer = await resolve(office, card, "other")
    assert (answer.status_code, answer.json()["type"]) == (412, f"{SLUG}version-mismatch")
    assert answer.json()["errors"] == [{"pointer": "/report/meter", "detail": "changed since"}]
    assert (await office.job(job_id))["report"] == {"meter": 3}
    assert await cards(office, open=True) == [card]
    assert (await resolve(office, card, "current")).status_code == 200


async def test_a_value_that_is_there_already_is_taken_without_a_change(office: Office) -> None:
    card = await overrode(office, desks=1, workers=2)
    job_id = card["job"]["id"]
    await office.desk.patch(f"/v1/jobs/{job_id}", json={"report": {"meter": 1}})
    before = await office.job(job_id)
    assert (await resolve(office, card, "other")).status_code == 200
    assert await office.job(job_id) == before


async def refused_start(office: Office) -> dict[str, Any]:
    job = await office.create_job()
    await office.ivan.sync()
    await office.desk.post(f"/v1/jobs/{job['id']}/state", json={"to": "canceled"})
    await office.ivan.sync(office.ivan.operation(office.ivan.jobs[job["id"]], "set_state", state="started"))
    return (await cards(office))[0]


async def test_what_the_desk_cannot_write_says_so(office: Office) -> None:
    state = await refused_start(office)
    deleted = await overrode(office)
    await office.desk.delete(f"/v1/jobs/{deleted['job']['id']}")
    for card, words in ((state, "close it with current"), (deleted, "deleted")):
        answer = await resolve(office, card, "other")
        assert (answer.status_code, answer.json()["type"]) == (422, f"{SLUG}invalid-request")
        assert words in answer.json()["detail"]
        assert [one["pointer"] for one in answer.json()["errors"]] == ["/take"]
        assert (await resolve(office, card, "current")).status_code == 200
    assert await cards(office, open=True) == []


async def test_a_value_that_fits_no_field_is_refused_with_its_name(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    await office.ivan.sync(office.ivan.operation(held, "set_report", fields={"meter": "много"}))
    (card,) = await cards(office)
    answer = await resolve(office, card, "other")
    assert (answer.status_code, answer.json()["type"]) == (422, f"{SLUG}invalid-request")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/report/meter"]
    assert await cards(office, open=True) == [card]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"take": "both"}, 422),
        ({"take": None}, 422),
        ({"take": "current", "x": 1}, 422),
        ([], 422),
    ],
    ids=str,
)
async def test_a_wrong_request_is_refused(office: Office, body: Any, status: int) -> None:
    card = await overrode(office)
    answer = await office.desk.post(f"/v1/conflicts/{card['id']}/resolve", json=body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"{SLUG}invalid-request")
    unknown = await office.desk.post(
        "/v1/conflicts/01900000-0000-7000-8000-000000000000/resolve", json={"take": "current"}
    )
    assert (unknown.status_code, unknown.json()["type"]) == (404, f"{SLUG}not-found")


async def test_closed_cards_are_kept_ninety_days_and_open_ones_for_ever(office: Office) -> None:
    closed, still_open = await overrode(office), await overrode(office)
    await resolve(office, closed, "current")
    now = datetime.now(UTC)
    assert (await sweep_all(office.api.stores, now + timedelta(days=89))).conflicts == 0
    assert (await sweep_all(office.api.stores, now + timedelta(days=91))).conflicts == 1
    assert await cards(office) == [still_open]
