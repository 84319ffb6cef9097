"""A phone whose process is killed at any moment loses nothing it called saved, and repeats nothing."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from naryad.device.store import Store, StoreInUse, StoreTooNew
from naryad.domain.ids import DeviceId
from support.model_http import model_http
from support.model_server import ModelServer

NOBODY = DeviceId(UUID(int=0))
JOBS = [f"018f0000-0000-7000-8000-00000000000{n}" for n in range(5)]


async def phone(path: Path, url: str, what: str) -> asyncio.subprocess.Process:
    script = str(Path(__file__).with_name("killed_phone.py"))
    return await asyncio.create_subprocess_exec(
        sys.executable, script, str(path), url, what, stdout=asyncio.subprocess.PIPE
    )


async def test_sigkill_at_any_moment_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    seed = int(os.environ.get("NARYAD_SEED", random.SystemRandom().randrange(10**6)))
    print(f"NARYAD_SEED={seed}")
    chance = random.Random(seed)
    path = tmp_path / "phone.sqlite"
    model = ModelServer()
    for job in JOBS:
        model.dispatch(job, description="Наряд")
    saved: list[str] = []
    async with model_http(model) as served:
        for _ in range(8):
            served.faults = chance.choices(["cut", "lost reply", "stale", ""], k=20)
            process = await phone(path, served.url, "work")
            assert process.stdout is not None
            for _ in range(chance.randint(1, 40)):
                line = await process.stdout.readline()
                saved += [] if line.startswith(b"#") else [line.decode().strip()]
            await asyncio.sleep(chance.random() * 0.02)  # anywhere between two steps
            process.send_signal(signal.SIGKILL)
            rest = (await process.stdout.read()).decode()
            saved += [line for line in rest.split("\n")[:-1] if not line.startswith("#")]
            assert await process.wait() == -signal.SIGKILL
            store = Store(path, NOBODY)
            held = {str(one.id) for one in store.load().outbox}
            store.close()
            received = {one["id"] for one in model.receipts}
            assert set(saved) <= held | received
            model.dispatch(chance.choice(JOBS), description=str(chance.random()))
        served.faults = []
        process = await phone(path, served.url, "settle")
        assert await process.wait() == 0
    assert len(saved) > 8
    assert set(saved) <= {one["id"] for one in model.receipts}
    assert max(Counter(model.effects).values()) == 1
    store = Store(path, NOBODY)
    state = store.load()
    store.close()
    assert state.outbox == ()
    assert {str(job.id): (job.version, job.fields) for job in state.jobs.values()} == model.truth()


def test_a_store_belongs_to_one_process_at_a_time(tmp_path: Path) -> None:
    store = Store(tmp_path / "phone.sqlite", NOBODY)
    with pytest.raises(StoreInUse):
        Store(tmp_path / "phone.sqlite", NOBODY)
    store.close()
    Store(tmp_path / "phone.sqlite", NOBODY).close()


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "phone.sqlite", NOBODY)
    store._db.execute("pragma user_version = 99")
    store.close()
    with pytest.raises(StoreTooNew, match="update the app"):
        Store(tmp_path / "phone.sqlite", NOBODY)


def test_a_store_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    store = Store(tmp_path / "phone.sqlite", NOBODY)
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()}
    store.close()
    assert set(modes.values()) == {"0o600"}, modes
