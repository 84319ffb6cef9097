"""A pusher killed at the worst moment: its message arrives at least once, and twice only where it must."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from asyncpg import Connection

from naryad.settings import Settings
from naryad_pusher.pusher import running_pusher
from support.account import Office
from support.provider import Provider
from support.pushes import settled

VICTIM = Path(__file__).with_name("deaf_pusher.py")


async def kill_while_sending(when: str, settings: Settings, taken: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        VICTIM,
        when,
        taken,
        env={**os.environ, "NARYAD_DATABASE_URL": settings.database_dsn},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            assert await process.stdout.readline() == b"standing still\n"
    finally:
        process.kill()
        await process.wait()


@pytest.mark.parametrize(("when", "times"), [("before", 1), ("after", 2), ("settling", 2)])
async def test_every_message_arrives_at_least_once(
    office: Office, pusher_settings: Settings, truth: Connection, tmp_path: Path, when: str, times: int
) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    job = await office.create_job()

    await kill_while_sending(when, pusher_settings, taken)
    await truth.execute("update push_delivery set leased_until = now()")  # the lease runs out
    survivor = Provider()
    async with running_pusher(pusher_settings, [survivor]):
        (push,) = await settled(office, job["id"], 1)

    received = taken.read_text().split() + [str(one.notification_id) for one in survivor.messages]
    assert push["state"] == "sent"
    assert received == [push["id"]] * times
