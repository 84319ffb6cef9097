"""One attempt, and when there is no next one."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from naryad.db.deliveries import ChannelName
from naryad.domain.push_address import Address
from naryad_pusher import attempt as attempts
from naryad_pusher.attempt import attempt
from naryad_pusher.backoff import CAP_S, pause_before
from naryad_pusher.channels.channel import Outcome, Retry
from naryad_pusher.compose import Message
from pusher.deliveries import delivery
from support.provider import Provider


async def test_retries_end_with_the_workers_day() -> None:
    at_night = datetime(2026, 11, 24, 20, 59, tzinfo=UTC)  # a minute before midnight in Moscow
    late = {"scheduled_at": "2026-11-24T20:00:00Z", "scheduled_duration": 600}

    made = delivery(late, now=at_night, attempts=3)

    soon, _ = await attempt(Provider([Retry("503", after_s=30)]), made)
    too_late, _ = await attempt(Provider([Retry("503", after_s=60)]), made)

    assert (soon.state, soon.detail) == ("pending", "503")
    assert (too_late.state, too_late.detail) == ("dead", "the day ended after 3 attempts: 503")


async def test_a_silent_provider_is_not_waited_for_beyond_the_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        name = ChannelName.RECORDING

        async def send(self, message: Message, address: Address) -> Outcome:
            await asyncio.Event().wait()
            raise AssertionError("it never answers")

        async def close(self) -> None:
            """It has no connections."""

    assert attempts.SEND_S < 30
    monkeypatch.setattr(attempts, "SEND_S", 0.01)
    settlement, outcome = await attempt(Silent(), delivery())
    assert (settlement.state, settlement.detail) == ("pending", "no answer within 0.01 s")
    assert isinstance(outcome, Retry)


@pytest.mark.parametrize("attempt_number", [2, 3, 9, 10, 1000])
def test_the_pause_grows_to_its_cap_and_respects_the_floor(attempt_number: int) -> None:
    ceiling = min(CAP_S, 2.0 ** min(attempt_number - 2, 30))
    pauses = [pause_before(attempt_number).total_seconds() for _ in range(2000)]
    assert 0 <= min(pauses) < ceiling * 0.05
    assert ceiling * 0.95 < max(pauses) <= ceiling
    assert pause_before(attempt_number, floor_s=1000) == timedelta(seconds=1000)
