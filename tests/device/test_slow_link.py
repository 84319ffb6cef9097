"""R7, R8 over a real slow link: words travel, photos wait, and follow when the link turns fast."""

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from naryad.uuid7 import uuid7
from naryad_cli.bench.slow_link import GPRS, LTE, SlowLink
from support.account import Office
from support.photographer import picture
from support.server import serving_started
from support.slow_link import slow_link

PHOTO = 200_000
PROGRAM = Path(__file__).parent.parent / "support" / "far_camera.py"


class FarCamera:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def do(self, what: str, **members: object) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": what, **members}).encode() + b"\n")
        line = await self._process.stdout.readline()
        assert line, "the phone's program ended"
        told: dict[str, Any] = json.loads(line)
        return told


@asynccontextmanager
async def far_camera(link: SlowLink, url: str, folder: Path, login: str) -> AsyncIterator[FarCamera]:
    """A phone on the other side of the link."""
    process = await asyncio.create_subprocess_exec(
        *link.phone.command(sys.executable, str(PROGRAM), url, str(folder), login, str(uuid7())),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(PROGRAM.parent.parent)},
    )
    try:
        yield FarCamera(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


async def test_r7_r8_three_photos_wait_on_a_slow_link_and_follow_on_a_fast_one(
    office: Office, tmp_path: Path, truth: asyncpg.Connection
) -> None:
    jobs = [await office.create_job(description=f"{n}: {os.urandom(300).hex()}") for n in range(10)]
    job = jobs[0]
    with slow_link(GPRS) as link:
        async with (
            serving_started(office.api.app, link.server.listener()) as url,
            far_camera(link, url, tmp_path / "phone", "Ромашка-Иван") as phone,
        ):
            told = await phone.do("sync")
            assert (told["why"], told["network"]) == ("", "slow")  # measured: nobody told it
            await phone.do("work", job=job["id"])
            for seed in range(3):
                await phone.do("take", job=job["id"], size=PHOTO, seed=seed)
            before = link.up.payload
            told = await phone.do("sync")
            assert (told["why"], told["outbox"], told["unsent"]) == ("", 0, 3)
            assert link.up.payload - before < 4_000  # five operations in words, and no byte of a photo
            assert await truth.fetchval("select count(*) from upload") == 0
            seen = await office.job(job["id"])
            assert (seen["state"], seen["report"]) == ("started", {"meter": 7})
            assert [one["state"] for one in seen["photos"]] == ["expected"] * 3

            link.quality = LTE
            await phone.do("network", effective_type="4g")
            told = await phone.do("sync")
            assert (told["why"], told["unsent"]) == ("", 0)
        photos = (await office.job(job["id"]))["photos"]
        assert [one["state"] for one in photos] == ["available"] * 3
        for seed, one in enumerate(photos):
            content = (await office.desk.get(f"/v1/files/{one['id']}")).content
            assert hashlib.sha256(content).digest() == hashlib.sha256(picture(PHOTO, seed)).digest()


async def test_r7_send_photos_now_has_the_patience_of_a_slow_link(
    office: Office, tmp_path: Path, truth: asyncpg.Connection
) -> None:
    job = await office.create_job()
    with slow_link(GPRS) as link:
        async with (
            serving_started(office.api.app, link.server.listener()) as url,
            far_camera(link, url, tmp_path / "phone", "Ромашка-Иван") as phone,
        ):
            await phone.do("network", effective_type="2g")
            await phone.do("sync")
            await phone.do("take", job=job["id"], size=30_000, seed=1)  # 12 s of this link
            told = await phone.do("sync")
            assert (told["unsent"], await truth.fetchval("select count(*) from upload")) == (1, 0)
            await phone.do("send now")
            told = await phone.do("sync")
            assert (told["why"], told["network"], told["unsent"]) == ("", "slow", 0)
        (photo,) = (await office.job(job["id"]))["photos"]
        assert photo["state"] == "available"
