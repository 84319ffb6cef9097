"""Root may start it, PostgreSQL may not run as root, and a normal user needs no rights at all."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from db.holders import capabilities, holder, owner_of
from naryad.db.embedded.binaries import find_binaries

NOBODY = 65534
DAC_OVERRIDE = 1 << 1
DAC_READ_SEARCH = 1 << 2

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be root or to become somebody else")


@as_root
async def test_root_gets_an_unprivileged_server_below_a_folder_closed_to_others(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    data = closed / "deeper/data"
    with holder(data) as running:
        assert owner_of(running.postmaster) != 0
        # Only what passes folders, and nothing else of root's.
        assert capabilities(running.postmaster) & DAC_OVERRIDE
        assert capabilities(running.postmaster) & ~(DAC_OVERRIDE | DAC_READ_SEARCH) == 0
        connection = await asyncpg.connect(running.told["service"])
        await connection.close()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert closed.stat().st_uid == 0


@as_root
async def test_root_may_have_the_programs_too_below_a_folder_closed_to_others(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = find_binaries().folder.parents[1]
    shutil.copytree(package, closed / package.name)
    shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(closed)}
    with holder(closed / "data", env=environment) as running:
        assert str(closed) in Path(f"/proc/{running.postmaster}/cmdline").read_text()
        assert owner_of(running.postmaster) != 0
        assert capabilities(running.postmaster) & ~(DAC_OVERRIDE | DAC_READ_SEARCH) == 0
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@as_root
def test_root_gives_the_server_no_capability_where_the_folders_are_open(open_folder: Path) -> None:
    interpreter = interpreter_for_others()
    if interpreter is None:
        pytest.skip("the PostgreSQL programs themselves lie below a folder closed to others")
    with holder(open_folder / "data") as running:
        assert owner_of(running.postmaster) != 0
        assert capabilities(running.postmaster) == 0


@as_root
def test_a_folder_keeps_the_user_it_was_made_with(open_folder: Path) -> None:
    data = open_folder / "data"
    with holder(data) as running:
        made_by = owner_of(running.postmaster)
    for path in (data / "postgres", *(data / "postgres").rglob("*")):
        os.chown(path, made_by - 1, made_by - 1, follow_symlinks=False)
    with holder(data) as running:
        assert owner_of(running.postmaster) == made_by - 1


@as_root
async def test_a_normal_user_runs_it_as_himself(open_folder: Path) -> None:
    interpreter = interpreter_for_others()
    if interpreter is None:
        pytest.skip("no Python here that a normal user could run Naryad with")
    os.chown(open_folder, NOBODY, NOBODY)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with holder(
        open_folder / "data", [interpreter], user=NOBODY, group=NOBODY, extra_groups=[], env=environment
    ) as running:
        assert running.told["uid"] == NOBODY
        assert owner_of(running.postmaster) == NOBODY
        assert capabilities(running.postmaster) == 0
        connection = await asyncpg.connect(running.told["owner"])
        assert await connection.fetchval("select lower('НАРЯД')") == "наряд"
        await connection.close()
    assert (open_folder / "data/database.json").stat().st_uid == NOBODY


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, which pytest's own are not."""
    path = Path(f"/var/tmp/naryad-test-{os.getpid()}-{os.urandom(4).hex()}")
    path.mkdir(mode=0o755)
    yield path
    shutil.rmtree(path)


def interpreter_for_others() -> str | None:
    """A Python of our version that an unprivileged user can run with our packages."""
    search = os.pathsep.join(filter(None, sys.path))
    for candidate in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        try:
            subprocess.run(
                [candidate, "-c", "import asyncpg, naryad.db.embedded"],
                env={"PATH": os.environ["PATH"], "PYTHONPATH": search},
                user=NOBODY,
                group=NOBODY,
                extra_groups=[],
                capture_output=True,
                check=True,
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    return None
