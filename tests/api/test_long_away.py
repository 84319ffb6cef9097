"""Phones that were away while the house forgot: removals swept, jobs deleted and made anew."""

from datetime import UTC, datetime, timedelta

import pytest

from naryad.actions.sweep import sweep_all
from naryad_api import news
from support.account import Office, Phone

NOW = datetime.now(UTC)


async def sync_by_have(phone: Phone) -> None:
    phone.cursor = None
    answer = await phone.post(have={job_id: job["version"] for job_id, job in phone.jobs.items()})
    assert answer.status_code == 200
    phone.take(answer.json())


async def swept(office: Office, days: int = 46) -> None:
    await sweep_all(office.api.stores, NOW + timedelta(days=days))


async def test_a_job_made_anew_under_an_old_id_comes_whole_by_have(office: Office) -> None:
    """Of the old one nothing may stay: field by field, the new one looks like the old one changed."""
    job = await office.create_job(type="Срочно")
    await office.ivan.sync()
    await office.desk.delete(f"/v1/jobs/{job['id']}")
    await office.create_job(id=job["id"])
    await sync_by_have(office.ivan)
    assert office.ivan.jobs[job["id"]] == await office.job(job["id"])


async def test_a_first_sync_that_paused_while_a_removal_was_forgotten_starts_over(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first page holds a job that later pages will not remove."""
    monkeypatch.setattr(news, "PAGE", 1)
    taken, *_ = [await office.create_job() for _ in range(3)]
    office.ivan.take((await office.ivan.post()).json())
    assert set(office.ivan.jobs) == {taken["id"]}
    await office.desk.delete(f"/v1/jobs/{taken['id']}")
    await swept(office)
    refused = await office.ivan.post()
    assert (refused.status_code, refused.json()["type"]) == (410, "urn:naryad:problem:cursor-expired")
    await sync_by_have(office.ivan)
    assert taken["id"] not in office.ivan.jobs
    assert len(office.ivan.jobs) == 2


async def test_a_first_sync_pages_on_above_what_was_forgotten_before_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new phone held nothing then: it must not start over at every page."""
    monkeypatch.setattr(news, "PAGE", 1)
    jobs = [await office.create_job() for _ in range(4)]
    await office.desk.delete(f"/v1/jobs/{jobs[3]['id']}")
    await swept(office)
    await office.ivan.sync()
    assert set(office.ivan.jobs) == {job["id"] for job in jobs[:3]}


async def test_work_on_a_job_taken_away_long_ago_is_late_all_the_same(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    await office.desk.patch(f"/v1/jobs/{job['id']}", json={"assignees": []})
    await swept(office)
    office.ivan.cursor = None
    answer = (await office.ivan.post(office.ivan.operation(held, "set_report", fields={"meter": 7}))).json()
    assert [one["status"] for one in answer["results"]] == ["late"]
    assert (await office.job(job["id"]))["report"] == {"meter": 7}
    stranger = office.olga.operation(held, "set_report", fields={"meter": 8})
    (result,) = (await office.olga.sync(stranger))["results"]
    assert result["problem"]["type"] == "urn:naryad:problem:job-not-found"
