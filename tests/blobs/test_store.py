"""The object store: whole objects or none, on a folder and on S3 alike."""

import asyncio
import hashlib
import itertools
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from naryad.blobs import contents, keys
from naryad.blobs.errors import BlobMissing, StorageFull, StorageUnavailable
from naryad.blobs.open import BadStorageUrl, open_blobs
from naryad.blobs.store import Blobs
from naryad.domain.files import SEGMENT, Content
from naryad.domain.ids import AccountId, UploadId
from naryad.uuid7 import uuid7

ACCOUNT, UPLOAD = AccountId(uuid7()), UploadId(uuid7())


async def listed(blobs: Blobs, prefix: str) -> dict[str, int]:
    return {one.key: one.size async for page in blobs.list(prefix) for one in page}


async def test_what_is_put_is_read_listed_and_deleted(blobs: Blobs) -> None:
    await blobs.put("a/parts/1", b"one")
    await blobs.put("a/parts/2", bytearray(b"two"))
    await blobs.put("b/empty", b"")
    assert await blobs.read("a/parts/2") == b"two"
    assert await blobs.read("b/empty") == b""
    assert await listed(blobs, "a") == {"a/parts/1": 3, "a/parts/2": 3}
    await blobs.delete(["a/parts/1", "a/parts/1", "never/was"])
    assert await listed(blobs, "a/parts") == {"a/parts/2": 3}
    with pytest.raises(BlobMissing):
        await blobs.read("a/parts/1")


async def test_parts_of_any_size_become_a_content_that_is_read_in_any_range(blobs: Blobs) -> None:
    chance = random.Random(11)
    data = chance.randbytes(2 * SEGMENT + 12_345)
    cuts = [0, *sorted(chance.sample(range(len(data)), 9)), SEGMENT, len(data)]
    cuts.sort()
    parts = []
    for start, end in itertools.pairwise(cuts):
        parts.append(keys.part(ACCOUNT, UPLOAD, uuid7()))
        await blobs.put(parts[-1], data[start:end])
    sha256, generation = hashlib.sha256(data).hexdigest(), uuid7()
    assert await contents.join(blobs, ACCOUNT, sha256, generation, parts) == (sha256, len(data))

    content = Content(sha256, len(data), generation)
    assert set(await listed(blobs, keys.contents_of(ACCOUNT))) == set(keys.segments(ACCOUNT, content))
    for start, end in ((0, len(data)), (SEGMENT - 5, SEGMENT + 5), (0, 1), (len(data) - 1, len(data))):
        read = b"".join([one async for one in contents.read(blobs, ACCOUNT, content, start, end)])
        assert read == data[start:end]


async def test_an_empty_content_is_one_too(blobs: Blobs) -> None:
    generation = uuid7()
    sha256, size = await contents.join(blobs, ACCOUNT, "0" * 64, generation, [])
    assert (sha256, size) == (hashlib.sha256().hexdigest(), 0)
    content = Content("0" * 64, 0, generation)
    assert await listed(blobs, keys.contents_of(ACCOUNT)) == {keys.segments(ACCOUNT, content)[0]: 0}
    assert [one async for one in contents.read(blobs, ACCOUNT, content, 0, 0)] == []


async def test_a_store_that_does_not_answer_is_unavailable_soon() -> None:
    away = open_blobs("s3://bucket", endpoint="http://127.0.0.1:9", key_id="key", secret="hush-hush")
    async with asyncio.timeout(20):
        with pytest.raises(StorageUnavailable) as caught:
            await away.put("a", b"x")
    assert not isinstance(caught.value, StorageFull)
    assert "hush-hush" not in str(caught.value)


KILLED = """
import asyncio, sys
from naryad.blobs.open import open_blobs
async def main():
    blobs = open_blobs(sys.argv[1])
    print("ready", flush=True)
    while True:
        await blobs.put("a/big", bytes(30_000_000))
asyncio.run(main())
"""


def test_a_killed_writer_leaves_nothing_half_and_nothing_that_the_sweep_does_not_find(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    blobs = open_blobs(f"file://{folder}")
    torn = 0
    for attempt in range(30):
        writer = subprocess.Popen([sys.executable, "-c", KILLED, f"file://{folder}"], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(0.01 + 0.01 * (attempt % 7))
        writer.kill()
        writer.wait()
        for page in list(asyncio.run(listed(blobs, "")).values()):
            assert page == 30_000_000
        left = [name for _, _, names in os.walk(folder) for name in names if name != "big"]
        torn += bool(left)
        if torn >= 2:
            break
    assert torn, "no kill met a write: the test shows nothing"
    assert asyncio.run(blobs.drop_torn(datetime.now(UTC) - timedelta(hours=1))) == 0
    asyncio.run(blobs.drop_torn(datetime.now(UTC) + timedelta(hours=1)))
    assert {name for _, _, names in os.walk(folder) for name in names} <= {"big"}


def test_the_folder_is_closed_to_others(tmp_path: Path) -> None:
    open_blobs(f"file://{tmp_path}/new/files")
    assert (tmp_path / "new/files").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["file:///", "files", "ftp://host/files", "http://host/files"])
def test_a_url_that_cannot_be_meant_is_refused(url: str) -> None:
    with pytest.raises(BadStorageUrl, match="NARYAD_STORAGE_URL"):
        open_blobs(url)


ENDING = """
import asyncio
from naryad.blobs.errors import StorageUnavailable
from naryad.blobs.open import open_blobs

async def main():
    away = open_blobs("s3://bucket", endpoint="http://127.0.0.1:9", key_id="key", secret="secret")
    try:
        await away.read("a")
    except StorageUnavailable:
        pass
asyncio.run(main())
"""


def test_a_process_that_used_a_store_ends_well() -> None:
    """obstore's async calls abort one of ten such processes, whose last word was an answer of the store."""
    codes = []
    for _ in range(8):
        some = [subprocess.Popen([sys.executable, "-c", ENDING]) for _ in range(4)]
        codes += [one.wait(60) for one in some]
    assert set(codes) == {0}
