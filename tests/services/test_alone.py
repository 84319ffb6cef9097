"""Each service starts alone, refuses in words what it cannot work with, and ends when told to."""

import signal

import asyncpg
import pytest

from support.account import Office
from support.process import running, start
from support.server import client, free_port
from support.sse import listening

MODULES = ["naryad_api", "naryad_gateway", "naryad_pusher"]


@pytest.mark.parametrize("module", MODULES)
async def test_a_service_starts_alone_and_ends_on_sigterm(database_url: str, module: str) -> None:
    async with running(module, database_url) as service:
        service.process.send_signal(signal.SIGTERM)
        assert await service.ended() == 0


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("found", ["0000", "9999", None])
async def test_another_schema_is_refused_with_the_command_to_run(
    database_url: str, truth: asyncpg.Connection, module: str, found: str | None
) -> None:
    if found is None:
        await truth.execute("drop table alembic_version")
    else:
        await truth.execute("update alembic_version set version_num = $1", found)
    service = await start(module, database_url, free_port())
    assert await service.ended() == 2
    await service.reading  # type: ignore[attr-defined]
    words = " ".join(service.said)
    assert "cannot start" in words
    assert "Traceback" not in words
    assert ("newer Naryad" if found == "9999" else "naryad migrate") in words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NARYAD_FCM_CREDENTIALS_FILE", "/nonexistent.json"),
        ("NARYAD_WEBPUSH_SUBJECT", "mailto:ops@nowhere"),
    ],
)
async def test_credentials_that_cannot_work_are_refused_in_words(
    database_url: str, name: str, value: str
) -> None:
    service = await start("naryad_pusher", database_url, free_port(), **{name: value})
    assert await service.ended() == 2
    await service.reading  # type: ignore[attr-defined]
    words = " ".join(service.said)
    assert words.startswith(f"naryad_pusher cannot start: {name}: {value.split(':')[0]}")
    assert "Traceback" not in words


async def test_a_gateway_with_open_streams_ends_on_sigterm(office: Office, database_url: str) -> None:
    token = office.desk.headers["authorization"].removeprefix("Bearer ")
    async with (
        running("naryad_gateway", database_url, NARYAD_DRAIN_SECONDS="1") as service,
        client(service.url, token) as http,
        listening(http) as first,
        listening(http) as second,
    ):
        await first.until(lambda one: one.heard)
        await second.until(lambda one: one.heard)
        service.process.send_signal(signal.SIGTERM)
        await first.until(lambda one: one.ended)
        await second.until(lambda one: one.ended)
        assert first.retry is not None
        assert second.retry is not None
        assert await service.ended() == 0
