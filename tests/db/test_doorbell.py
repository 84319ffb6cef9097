"""The doorbell: the first knock at once, a crowd's together, a lost connection made again."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from naryad.db.doorbell import CHANNEL, Doorbell, open_doorbell
from naryad.domain.ids import AccountId
from naryad.uuid7 import uuid7


class Ear:
    """Hears what is rung, payload by payload."""

    def __init__(self) -> None:
        self.payloads: list[str] = []
        self._more = asyncio.Condition()

    def accounts(self) -> set[AccountId]:
        return {AccountId(UUID(one)) for payload in self.payloads for one in payload.split(",")}

    def hear(self, *notification: object) -> None:
        self.payloads.append(str(notification[-1]))

    async def until(self, accounts: set[AccountId]) -> None:
        async with asyncio.timeout(10):
            while not accounts <= self.accounts():
                await asyncio.sleep(0.005)


@pytest.fixture
async def ear(truth: asyncpg.Connection) -> AsyncIterator[Ear]:
    listening = Ear()
    await truth.add_listener(CHANNEL, listening.hear)
    yield listening
    await truth.remove_listener(CHANNEL, listening.hear)


@pytest.fixture
async def doorbell(database_url: str) -> AsyncIterator[Doorbell]:
    async with open_doorbell(database_url) as bell:
        yield bell


def accounts(number: int) -> set[AccountId]:
    return {AccountId(uuid7()) for _ in range(number)}


async def test_a_knock_is_heard(doorbell: Doorbell, ear: Ear) -> None:
    for one in accounts(3):
        doorbell.ring(one)
        await ear.until({one})
    assert len(ear.payloads) == 3


async def test_knocks_of_a_moment_go_together_and_fit_their_envelope(doorbell: Doorbell, ear: Ear) -> None:
    many = accounts(1000)
    for _ in range(5):
        for one in many:
            doorbell.ring(one)
    await ear.until(many)
    assert len(ear.payloads) <= 6
    assert max(len(payload.encode()) for payload in ear.payloads) < 7_999


async def test_what_waits_is_bounded() -> None:
    bell = Doorbell("postgresql://nowhere.invalid/none")
    for one in accounts(10_100):
        bell.ring(one)
    assert len(bell._waiting) == 10_000


async def test_a_lost_connection_is_made_again(
    doorbell: Doorbell, ear: Ear, truth: asyncpg.Connection
) -> None:
    (one,) = accounts(1)
    doorbell.ring(one)
    await ear.until({one})
    killed = await truth.fetchval(
        """select count(pg_terminate_backend(pid)) from pg_stat_activity
           where application_name = 'naryad-doorbell' and datname = current_database()"""
    )
    assert killed == 1
    async with asyncio.timeout(10):
        for other in accounts(1000):
            doorbell.ring(other)
            await asyncio.sleep(0.02)
            if other in ear.accounts():
                break
    assert other in ear.accounts()


async def test_the_last_knock_before_the_end_is_heard(database_url: str, ear: Ear) -> None:
    (one,) = accounts(1)
    async with open_doorbell(database_url) as bell:
        bell.ring(one)
    await ear.until({one})
