"""The demo's day is plausible at every hour, and each day gets its own."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from naryad.domain.change import Actor, ActorKind
from naryad.domain.ids import AccountId, UserId
from naryad.domain.instant import from_text
from naryad_cli.demo.day import PlannedJob, plan_day
from naryad_cli.demo.people import TIME_ZONE, WORKERS, Crew
from naryad_cli.demo.seed import seed
from naryad_cli.failures import CommandError
from support.server import Api

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize("hour", range(24))
def test_at_any_hour_the_day_lies_within_today(hour: int) -> None:
    crew = Crew(
        AccountId(uuid4()),
        Actor(ActorKind.USER, UserId(uuid4()), "Мария"),
        {login: UserId(uuid4()) for login in WORKERS},
    )
    now = datetime(2026, 11, 24, hour, 17, tzinfo=MOSCOW)
    planned = plan_day(crew, now.astimezone(UTC))
    days = Counter(_days_ahead(job, now) for job in planned)
    assert days == {0: 19, 1: 3, None: 3}
    for job in planned:
        happened = [step.happened_at for step in job.steps]
        assert happened == sorted(happened)
    workers = Counter(job.worker for job in planned if job.steps)
    assert set(workers) == {"olga", "timur"}


def _days_ahead(job: PlannedJob, now: datetime) -> int | None:
    """0 for a job of today, where its worker is."""
    text = job.fields.get("scheduled_at")
    if not isinstance(text, str):
        return None
    zone = ZoneInfo(WORKERS[job.worker][1] or TIME_ZONE if job.worker else TIME_ZONE)
    return (from_text(text).astimezone(zone).date() - now.astimezone(zone).date()).days


async def test_a_second_seeding_adds_nothing_and_the_next_day_its_own(
    api: Api, truth: asyncpg.Connection
) -> None:
    now = datetime.now(UTC)
    counts = []
    for moment in (now, now, now + timedelta(days=1), now + timedelta(days=1)):
        await seed(api.stores, moment)
        counts.append(await truth.fetchval("select count(*) from job"))
    assert counts == [25, 25, 50, 50]
    assert await truth.fetchval("select count(*) from account_user") == 4
    rejected = "select count(*) from operation where result->>'status' <> 'applied'"
    assert await truth.fetchval(rejected) == 0


async def test_a_seeding_that_was_cut_short_is_completed(api: Api, truth: asyncpg.Connection) -> None:
    now = datetime.now(UTC)
    await seed(api.stores, now)
    whole = await _states(truth)
    await truth.execute("delete from job where number > 9")
    await seed(api.stores, now)
    assert await _states(truth) == whole


async def _states(truth: asyncpg.Connection) -> dict[str, int]:
    rows = await truth.fetch("select fields->>'state' as state, count(*) as n from job group by 1")
    return {row["state"]: row["n"] for row in rows}


async def test_it_keeps_away_from_other_accounts(api: Api, truth: asyncpg.Connection) -> None:
    await seed(api.stores, datetime.now(UTC))
    await truth.execute("update account set name = 'A real company'")
    with pytest.raises(CommandError, match="belongs to another account"):
        await seed(api.stores, datetime.now(UTC) + timedelta(days=1))
    assert await truth.fetchval("select count(*) from job") == 25
