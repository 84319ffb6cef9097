"""What a sync brings down, and how a worker's work is merged (DESIGN 4.3)."""

from typing import Any

import asyncpg
import pytest

from naryad_api import news
from support.account import Office, Phone


async def state(office: Office, job: dict[str, Any], to: str, **more: Any) -> None:
    answer = await office.desk.post(f"/v1/jobs/{job['id']}/state", json={"to": to, **more})
    assert answer.status_code == 200, answer.text


async def patch(office: Office, job: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = await office.desk.patch(f"/v1/jobs/{job['id']}", json=fields)
    assert answer.status_code == 200, answer.text
    changed: dict[str, Any] = answer.json()
    return changed


async def poll(phone: Phone) -> int:
    return (await phone.http.get("/v1/sync", params={"cursor": phone.cursor or ""})).status_code


async def test_a_quiet_phone_is_answered_204_without_body(office: Office) -> None:
    await office.create_job()
    await office.ivan.sync()
    answer = await office.ivan.http.get("/v1/sync", params={"cursor": office.ivan.cursor or ""})
    assert (answer.status_code, answer.content) == (204, b"")
    assert "x-request-id" not in answer.headers


async def test_another_workers_news_leave_a_phone_idle(office: Office) -> None:
    await office.ivan.sync()
    await office.create_job(assignees=[{"worker_id": office.olga.worker_id}])
    assert await poll(office.ivan) == 204
    assert await poll(office.olga) == 400  # an empty cursor is none of ours
    await office.olga.sync()
    assert len(office.olga.jobs) == 1


async def test_only_changed_fields_travel_and_cleared_ones_are_null(office: Office) -> None:
    job = await office.create_job(type="ремонт", custom_fields={"floor": 3, "gate": "77"})
    await office.ivan.sync()
    await patch(office, job, description="Новое", type=None, custom_fields={"gate": None})
    body = (await office.ivan.post()).json()
    (partial,) = body["jobs"]
    assert {name: value for name, value in partial.items() if name != "updated_at"} == {
        "id": job["id"],
        "version": job["version"] + 1,
        "complete": False,
        "description": "Новое",
        "type": None,
        "custom_fields": {"gate": None},
    }
    office.ivan.take(body)
    assert office.ivan.jobs[job["id"]] == await office.job(job["id"])


async def test_a_job_leaves_the_phone_when_unassigned_unpublished_or_deleted(office: Office) -> None:
    unassigned, unpublished, deleted = [await office.create_job() for _ in range(3)]
    await office.ivan.sync()
    assert len(office.ivan.jobs) == 3
    await patch(office, unassigned, assignees=[{"worker_id": office.olga.worker_id}])
    await state(office, unpublished, "scheduled")
    await office.desk.delete(f"/v1/jobs/{deleted['id']}")
    answer = await office.ivan.sync()
    assert set(answer["removed"]) == {unassigned["id"], unpublished["id"], deleted["id"]}
    assert office.ivan.jobs == {}
    await office.olga.sync()
    assert office.olga.jobs == {unassigned["id"]: await office.job(unassigned["id"])}


async def test_a_job_that_comes_back_comes_whole(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    await patch(office, job, assignees=[])
    await patch(office, job, description="тем временем", assignees=[{"worker_id": office.ivan.worker_id}])
    answer = await office.ivan.sync()
    assert [one["complete"] for one in answer["jobs"]] == [True]
    assert office.ivan.jobs[job["id"]] == await office.job(job["id"])


async def test_pages_neither_skip_nor_repeat_while_jobs_change(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that appears between two pages is sent whole, although its cursor is past the beginning."""
    monkeypatch.setattr(news, "PAGE", 2)
    first, *_, last = [await office.create_job(description=str(n)) for n in range(5)]
    page = (await office.ivan.post()).json()
    assert page["more"]
    assert len(page["jobs"]) == 2
    office.ivan.take(page)
    await patch(office, first, description="changed between pages")
    await patch(office, last, assignees=[])
    fresh = await office.create_job(description="new between pages")
    await office.ivan.sync()
    assert len(office.ivan.jobs) == 5
    assert fresh["id"] in office.ivan.jobs
    for job_id, job in office.ivan.jobs.items():
        assert job == await office.job(job_id)


async def test_a_job_appearing_while_pages_follow_a_held_cursor_is_whole(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason for `base`: by the page's own version it would look as if the phone held it already."""
    held = [await office.create_job(description=str(n)) for n in range(3)]
    unseen = await office.create_job(assignees=[])
    await office.ivan.sync()
    monkeypatch.setattr(news, "PAGE", 1)
    await patch(office, unseen, assignees=[{"worker_id": office.ivan.worker_id}])
    for job in held:
        await patch(office, job, description="again")
    await patch(office, unseen, description="later")
    await office.ivan.sync()
    assert office.ivan.jobs[unseen["id"]] == await office.job(unseen["id"])


async def test_templates_come_with_the_first_sync_and_when_they_change(office: Office) -> None:
    first = (await office.ivan.post()).json()
    assert [one["id"] for one in first["templates"]] == [office.template["id"]]
    assert first["policy"]["interval_s"] == 120
    office.ivan.take(first)
    assert await poll(office.ivan) == 204
    body = {"name": "Счётчик воды", "fields": [], "resolutions": []}
    await office.desk.put(f"/v1/templates/{office.template['id']}", json=body)
    assert await poll(office.ivan) == 200
    again = (await office.ivan.post()).json()
    assert [one["name"] for one in again["templates"]] == ["Счётчик воды"]
    assert "policy" not in again


async def test_the_worker_owns_the_report(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    await patch(office, job, report={"note": "с пульта", "meter": 1})
    answer = await office.ivan.sync(
        office.ivan.operation(held, "set_report", fields={"note": "с телефона", "meter": 1})
    )
    (result,) = answer["results"]
    assert (result["status"], result["overrode"]) == ("merged", ["report.note"])
    assert (await office.job(job["id"]))["report"] == {"note": "с телефона", "meter": 1}


async def test_the_desk_does_not_overwrite_a_report_it_has_not_seen(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    await office.ivan.sync(
        office.ivan.operation(office.ivan.jobs[job["id"]], "set_report", fields={"note": "с телефона"})
    )
    after = await patch(
        office, job, base_version=job["version"], report={"note": "с пульта"}, description="новое"
    )
    assert after["merge"] == {"overrode": [], "lost": ["report.note"]}
    assert (after["report"], after["description"]) == ({"note": "с телефона"}, "новое")
    history = await office.history(job["id"])
    assert history[-1]["fields"]["report.note"]["lost"] == "с пульта"


async def test_between_two_dispatchers_the_later_overrides_and_is_told(office: Office) -> None:
    job = await office.create_job()
    other = await office.desk.post(
        "/v1/users", json={"login": "второй", "name": "Второй", "role": "dispatcher", "password": "п"}
    )
    assert other.status_code == 201
    token = await office.desk.post(
        "/v1/sessions", json={"login": "второй", "password": "п", "transport": "bearer"}
    )
    path = f"/v1/jobs/{job['id']}"
    theirs = await office.desk.patch(
        path,
        json={"base_version": job["version"], "description": "вторая рука"},
        headers={"authorization": f"Bearer {token.json()['token']}"},
    )
    assert theirs.json()["merge"] == {"overrode": [], "lost": []}
    mine = await patch(office, job, base_version=job["version"], description="первая рука")
    assert mine["merge"] == {"overrode": ["description"], "lost": []}
    assert mine["description"] == "первая рука"


async def test_own_changes_are_no_conflict(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    for meter in (1, 2):
        answer = await office.ivan.sync(office.ivan.operation(held, "set_report", fields={"meter": meter}))
        assert [one["status"] for one in answer["results"]] == ["applied"]


async def test_late_work_on_a_job_taken_away_is_kept_and_attributed(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    await patch(office, job, assignees=[{"worker_id": office.olga.worker_id}])
    answer = await office.ivan.sync(
        office.ivan.operation(held, "set_report", fields={"note": "уже сделано"}),
        office.ivan.operation(held, "set_state", state="started"),
    )
    late, refused = answer["results"]
    assert late["status"] == "late"
    assert (refused["status"], refused["problem"]["type"]) == ("rejected", "urn:naryad:problem:job-gone")
    assert answer["removed"] == [job["id"]]
    last = (await office.history(job["id"]))[-1]
    assert (last["late"], last["device_id"]) == (True, office.ivan.device_id)
    assert last["actor"]["name"] == "Иван"
    assert (await office.job(job["id"]))["report"] == {"note": "уже сделано"}


async def test_only_the_editor_of_a_shared_job_changes_its_state(office: Office) -> None:
    job = await office.create_job(
        assignees=[
            {"worker_id": office.ivan.worker_id},
            {"worker_id": office.olga.worker_id, "can_edit": True},
        ]
    )
    await office.ivan.sync()
    await office.olga.sync()
    refused = await office.ivan.sync(
        office.ivan.operation(office.ivan.jobs[job["id"]], "set_state", state="started")
    )
    assert refused["results"][0]["problem"]["type"] == "urn:naryad:problem:not-editor"
    done = await office.olga.sync(
        office.olga.operation(office.olga.jobs[job["id"]], "set_state", state="started")
    )
    assert done["results"][0]["status"] == "applied"


async def test_a_clock_that_is_off_is_corrected(office: Office, truth: asyncpg.Connection) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    started = office.ivan.operation(office.ivan.jobs[job["id"]], "set_state", state="started")
    started["happened_at"] = "2031-01-01T10:00:00+03:00"
    answer = await office.ivan.post(started, device={"now": "2031-01-01T10:05:00+03:00", "trigger": "manual"})
    assert answer.status_code == 200, answer.text
    happened, recorded = await truth.fetchrow(
        "select happened_at, recorded_at from change where kind = 'state'"
    )
    assert 290 < (recorded - happened).total_seconds() < 310


async def test_health_reported_by_a_phone_reaches_the_desk(office: Office) -> None:
    report = {
        "network": "slow",
        "unsent": {"operations": 3, "files": 2, "bytes": 8_100_000},
        "app_version": "1.4",
    }
    assert (await office.ivan.post(device=report)).status_code == 200
    await office.api.stored_contacts()
    devices = (await office.desk.get("/v1/devices")).json()["devices"]
    (mine,) = [one for one in devices if one["id"] == office.ivan.device_id]
    assert mine["network"] == "slow"
    assert mine["unsent"] == {"operations": 3, "files": 2, "bytes": 8_100_000}
    assert mine["app_version"] == "1.4"
    assert mine["last_contact_at"]


async def test_have_asks_for_differences_only(office: Office) -> None:
    kept, changed, gone = [await office.create_job() for _ in range(3)]
    await office.ivan.sync()
    have = {job_id: job["version"] for job_id, job in office.ivan.jobs.items()}
    await patch(office, changed, description="новое")
    await patch(office, gone, assignees=[])
    fresh = await office.create_job()
    office.ivan.cursor = None
    body = (await office.ivan.post(have=have)).json()
    assert {one["id"]: one["complete"] for one in body["jobs"]} == {changed["id"]: False, fresh["id"]: True}
    assert body["removed"] == [gone["id"]]
    office.ivan.take(body)
    assert set(office.ivan.jobs) == {kept["id"], changed["id"], fresh["id"]}
    assert await poll(office.ivan) == 204
