"""Just before sending the pusher looks again: what is no longer so is not sent, and says why."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asyncpg import Connection

from naryad.settings import Settings
from naryad_pusher.pusher import running_pusher
from support.account import Office, tomorrow
from support.pushes import Ladder, settled


async def pushed(office: Office, settings: Settings, job: dict[str, Any]) -> Ladder:
    """What becomes of a job's pushes once a pusher runs."""
    async with running_pusher(settings):
        return await settled(office, job["id"], 1)


async def test_control_nothing_happened_in_between(office: Office, pusher_settings: Settings) -> None:
    (push,) = await pushed(office, pusher_settings, await office.create_job())
    assert (push["state"], push.get("detail")) == ("sent", "no-provider")  # only recorded


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda: {"assignees": None}, "taken-away"),
        (
            lambda: {"scheduled_at": tomorrow()},
            "not-today",
        ),  # by the clock of the test, not of its collection
    ],
)
async def test_a_job_taken_away_or_moved_meanwhile(
    office: Office, pusher_settings: Settings, change: Callable[[], dict[str, Any]], detail: str
) -> None:
    job = await office.create_job()
    answer = await office.desk.patch(f"/v1/jobs/{job['id']}", json=change())
    assert answer.status_code == 200, answer.text

    (push,) = await pushed(office, pusher_settings, job)

    assert (push["state"], push["detail"]) == ("skipped", detail)
    assert push["device_id"] == office.ivan.device_id


async def test_a_job_unpublished_meanwhile(office: Office, pusher_settings: Settings) -> None:
    job = await office.create_job()
    answer = await office.desk.post(f"/v1/jobs/{job['id']}/state", json={"to": "scheduled"})
    assert answer.status_code == 200, answer.text

    (push,) = await pushed(office, pusher_settings, job)

    assert (push["state"], push["detail"]) == ("skipped", "taken-away")


async def test_a_job_deleted_meanwhile(office: Office, pusher_settings: Settings) -> None:
    job = await office.create_job()
    assert (await office.desk.delete(f"/v1/jobs/{job['id']}")).status_code == 204

    (push,) = await pushed(office, pusher_settings, job)

    assert (push["state"], push["detail"]) == ("skipped", "job-deleted")


async def test_a_worker_switched_off_meanwhile(
    office: Office, pusher_settings: Settings, truth: Connection
) -> None:
    job = await office.create_job()
    await truth.execute("update account_user set active = false where name = 'Иван'")

    (push,) = await pushed(office, pusher_settings, job)

    assert (push["state"], push["detail"]) == ("skipped", "inactive")


async def test_a_phone_that_holds_the_change_already_is_not_told_of_it(
    office: Office, pusher_settings: Settings
) -> None:
    job = await office.create_job()
    await office.ivan.sync()  # answered with the job
    await office.ivan.sync()  # its cursor proves that the answer arrived
    await office.api.stored_contacts()

    (push,) = await pushed(office, pusher_settings, job)

    assert (push["state"], push["detail"]) == ("skipped", "already-synced")


async def test_a_phone_whose_answer_may_be_lost_is_told(office: Office, pusher_settings: Settings) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    await office.api.stored_contacts()

    (push,) = await pushed(office, pusher_settings, job)

    assert push["state"] == "sent"


async def test_the_day_is_over_when_the_pusher_comes_to_it(
    office: Office, pusher_settings: Settings, truth: Connection
) -> None:
    """As if the pusher had been away for days: R14 is judged by the day of the sending."""
    job = await office.create_job()
    past = (datetime.now(UTC) - timedelta(days=2)).isoformat()  # yesterday's might last past midnight
    await truth.execute(
        "update job set fields = jsonb_set(fields, '{scheduled_at}', to_jsonb($1::text))", past
    )

    (push,) = await pushed(office, pusher_settings, job)

    assert (push["state"], push["detail"]) == ("skipped", "not-today")
