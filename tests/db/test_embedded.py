"""The embedded server in ordinary use: what it gives, what it keeps, what it refuses."""

import logging
import os
import stat
from pathlib import Path

import asyncpg
import pytest

from db.holders import holder
from naryad.db import embedded
from naryad.db.embedded import cluster, lifetime


async def ask(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_three_roles_with_the_rights_they_should_have(tmp_path: Path) -> None:
    async with embedded.server(tmp_path, fast=True) as server:
        assert await ask(server.superuser_dsn, "select current_user") == "postgres"
        assert await ask(server.owner_dsn, "select current_user") == "naryad_owner"
        assert await ask(server.service_dsn, "select current_user") == "naryad_service"
        privileged = "select count(*) from pg_roles where rolname ~ '^naryad' and (rolsuper or rolbypassrls)"
        assert await ask(server.superuser_dsn, privileged) == 0
        logins = "select string_agg(rolname, ' ' order by rolname) from pg_roles where rolcanlogin"
        assert await ask(server.superuser_dsn, logins) == "naryad_owner naryad_service postgres"
        await ask(server.owner_dsn, "create table made_by_owner ()")
        await ask(server.owner_dsn, "set role naryad_across")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(server.service_dsn, "create table made_by_service ()")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(server.service_dsn, "set role naryad_across")


async def test_cyrillic_letters_have_cases(tmp_path: Path) -> None:
    async with embedded.server(tmp_path, fast=True) as server:
        assert await ask(server.service_dsn, "select lower('НАРЯД Ёлка')") == "наряд ёлка"
        assert await ask(server.service_dsn, "select 'Замена счётчика' ilike '%ЗАМЕНА СЧЁТ%'") is True


async def test_what_is_committed_is_there_after_stop_and_start(tmp_path: Path) -> None:
    async with embedded.server(tmp_path) as server:
        await ask(server.owner_dsn, "create table kept as select 42 as value")
        assert await ask(server.owner_dsn, "show fsync") == "on"
    async with embedded.server(tmp_path) as server:
        assert await ask(server.owner_dsn, "select value from kept") == 42


async def test_a_folder_may_have_any_name_and_a_long_one(tmp_path: Path) -> None:
    for _ in range(2):
        async with embedded.server(tmp_path / "наши данные" / ("x" * 120), fast=True) as server:
            assert await ask(server.service_dsn, "select 1") == 1


async def test_passwords_are_asked_for_and_kept_to_the_owner(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with embedded.server(tmp_path, fast=True) as server:
            with pytest.raises(asyncpg.InvalidPasswordError):
                await ask(server.service_dsn.replace(server.passwords.service, "guess"), "select 1")
            commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    file = tmp_path / "database.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for password in (server.passwords.superuser, server.passwords.owner, server.passwords.service):
        assert password in file.read_text()
        assert password not in caplog.text
        assert password not in repr(server)
        assert not any(password.encode() in command for command in commands)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["database.json", "naryad.lock", "postgres"]


async def test_the_second_holder_of_a_folder_is_told_who_has_it(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        with pytest.raises(embedded.DataFolderInUse, match=rf"in use .*process {first.process.pid}\)"):
            async with embedded.server(tmp_path, fast=True):
                pass
        assert await ask(first.told["service"], "select 1") == 1
    async with embedded.server(tmp_path, fast=True):
        pass


async def test_a_server_that_runs_is_found_by_its_folder(tmp_path: Path) -> None:
    assert embedded.attach(tmp_path) is None
    with holder(tmp_path) as running:
        found = embedded.attach(tmp_path)
        assert found is not None
        assert found.service_dsn == running.told["service"]
    assert embedded.attach(tmp_path) is None


async def test_a_folder_of_another_postgresql_is_refused_in_words_and_left_alone(tmp_path: Path) -> None:
    async with embedded.server(tmp_path, fast=True):
        pass
    version = tmp_path / "postgres/PG_VERSION"
    version.write_text("17\n")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with pytest.raises(
        embedded.ForeignVersion, match=r"made by PostgreSQL 17; this Naryad carries PostgreSQL 18"
    ):
        async with embedded.server(tmp_path, fast=True):
            pass
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    version.write_text("18\n")
    async with embedded.server(tmp_path, fast=True):
        pass


async def test_a_folder_without_its_passwords_is_refused_in_words(tmp_path: Path) -> None:
    async with embedded.server(tmp_path, fast=True):
        pass
    (tmp_path / "database.json").unlink()
    with pytest.raises(embedded.EmbeddedError, match=r"database\.json is missing"):
        async with embedded.server(tmp_path, fast=True):
            pass


async def test_passwords_of_another_folder_are_refused_in_words(tmp_path: Path) -> None:
    for name in ("one", "two"):
        async with embedded.server(tmp_path / name, fast=True):
            pass
    (tmp_path / "one/database.json").replace(tmp_path / "two/database.json")
    with pytest.raises(embedded.EmbeddedError, match=r"two/database\.json is not this database's"):
        async with embedded.server(tmp_path / "two", fast=True):
            pass


async def test_a_path_that_cannot_be_a_folder_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(embedded.EmbeddedError, match="cannot be made"):
        async with embedded.server(tmp_path / "file/data", fast=True):
            pass


async def test_a_port_taken_at_the_last_moment_is_given_up_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with embedded.server(tmp_path / "one", fast=True) as first:
        ports = iter([first.port])
        real = cluster.free_port
        monkeypatch.setattr(lifetime, "free_port", lambda: next(ports, None) or real())
        async with embedded.server(tmp_path / "two", fast=True) as second:
            assert second.port != first.port
            assert await ask(second.service_dsn, "select 1") == 1


async def test_the_holder_hears_when_the_server_ends_unasked(tmp_path: Path) -> None:
    async with embedded.server(tmp_path, fast=True) as server:
        postmaster = int((tmp_path / "postgres/postmaster.pid").read_text().split()[0])
        os.kill(postmaster, 15)
        assert "shutting down" in await server.wait_ended()
