from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from anyio.from_thread import start_blocking_portal

from support.ground import Ground
from support.oracle import seeing_all
from support.server import running_api


@pytest.fixture
def ground(database_url: str, superuser_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """Where companies are founded; pages are so small that paging is met all the time."""
    monkeypatch.setattr("naryad_api.news.PAGE", 2)
    with (
        TemporaryDirectory(prefix="naryad-proof-", dir=_ramdisk()) as folder,
        start_blocking_portal(backend_options={"use_uvloop": True}) as portal,
        portal.wrap_async_context_manager(running_api(database_url)) as api,
        portal.wrap_async_context_manager(seeing_all(superuser_url)) as truth,
    ):
        yield Ground(portal, api, truth, Path(folder))


def _ramdisk() -> str | None:
    """Crashes here are crashes of the program, not of the machine: no disk needed."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None
