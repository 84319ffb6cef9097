"""Nothing that is killed, and no file that lies, keeps the next start from working."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from db.holders import SCRIPT, alive, children, holder, until
from naryad.db import embedded
from naryad.db.embedded.binaries import find_binaries
from naryad.db.embedded.cluster import SETTINGS, free_port, server_command
from naryad.db.embedded.folder import DataFolder
from naryad.db.embedded.identity import choose_identity


async def put(dsn: str, value: int) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("create table if not exists kept (value integer)")
    await connection.execute("insert into kept values ($1)", value)
    await connection.close()


async def kept(dsn: str) -> list[int]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch("select value from kept order by value")
    await connection.close()
    return [row["value"] for row in rows]


async def test_the_server_ends_with_its_killed_parent_and_starts_again(tmp_path: Path) -> None:
    for value in range(3):
        with holder(tmp_path) as running:
            await put(running.told["owner"], value)
            running.process.kill()
            running.process.wait()
            until(lambda: not alive(running.postmaster), "the server ended with its parent")
    async with embedded.server(tmp_path, fast=True) as server:
        assert await kept(server.owner_dsn) == [0, 1, 2]


async def test_a_start_right_after_the_kill_waits_for_the_old_server(tmp_path: Path) -> None:
    for value in range(3):
        with holder(tmp_path) as running:
            await put(running.told["owner"], value)
            running.process.kill()
            running.process.wait()
        async with embedded.server(tmp_path, fast=True) as server:
            assert (await kept(server.owner_dsn))[-1] == value


async def test_a_killed_postmaster_and_its_orphans_are_survived(tmp_path: Path) -> None:
    with holder(tmp_path) as running:
        await put(running.told["owner"], 7)
        busy = await asyncpg.connect(running.told["owner"])
        asking = busy.fetchval("select pg_sleep(600)")
        orphans = children(running.postmaster)
        os.kill(running.postmaster, signal.SIGSTOP)
        running.process.kill()
        running.process.wait()
        os.kill(running.postmaster, signal.SIGKILL)
        asking.close()
        async with embedded.server(tmp_path, fast=True) as server:
            assert await kept(server.owner_dsn) == [7]
            assert [pid for pid in orphans if alive(pid)] == []
        busy.terminate()


async def test_a_server_left_running_by_nobody_is_taken_over(tmp_path: Path) -> None:
    """Where the kernel cannot end the server with its parent, the next start does."""
    async with embedded.server(tmp_path, fast=True) as server:
        await put(server.owner_dsn, 1)
    folder = DataFolder(tmp_path)
    command = server_command(
        folder, find_binaries(), choose_identity(folder.cluster), {**SETTINGS, "port": str(free_port())}
    )
    abandoned = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    until(lambda: folder.pid_file.exists() and "ready" in folder.pid_file.read_text(), "the server is ready")
    async with embedded.server(tmp_path, fast=True) as server:
        assert abandoned.wait(timeout=30) == 0
        assert await kept(server.owner_dsn) == [1]


@pytest.mark.parametrize("whose", ["a dead process", "a living stranger"])
async def test_a_pid_file_that_lies_is_not_believed(tmp_path: Path, whose: str) -> None:
    async with embedded.server(tmp_path, fast=True) as server:
        await put(server.owner_dsn, 1)
    cluster = (tmp_path / "postgres").stat()
    user = cluster.st_uid if os.geteuid() == 0 else None
    stranger = subprocess.Popen(["/bin/sleep", "600"], user=user)
    try:
        if whose == "a dead process":
            stranger.kill()
            stranger.wait()
        pid_file = tmp_path / "postgres/postmaster.pid"
        pid_file.write_text(
            f"{stranger.pid}\n{tmp_path / 'postgres'}\n1700000000\n5432\n\n127.0.0.1\n0 0\nready\n"
        )
        os.chown(pid_file, cluster.st_uid, cluster.st_gid)
        async with embedded.server(tmp_path, fast=True) as server:
            assert await kept(server.owner_dsn) == [1]
        if whose == "a living stranger":
            assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_a_creation_cut_short_is_begun_anew(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    process = subprocess.Popen([sys.executable, str(SCRIPT), str(tmp_path)], stdin=subprocess.PIPE)
    until(lambda: any(tmp_path.glob("new-*/postgres/base")), "the creation has begun")
    process.kill()
    process.communicate()
    assert not folder.cluster.exists()
    async with embedded.server(tmp_path, fast=True) as server:
        await put(server.owner_dsn, 1)
    async with embedded.server(tmp_path, fast=True) as server:
        assert await kept(server.owner_dsn) == [1]
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "database.json",
            "naryad.lock",
            "postgres",
        ]
