"""The same tests on a folder and on S3."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from naryad.blobs.open import open_blobs
from naryad.blobs.store import Blobs
from support.s3 import BUCKET, s3_server


@pytest.fixture(params=["folder", "s3"])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Blobs]:
    if request.param == "folder":
        yield open_blobs(f"file://{tmp_path}/files")
        return
    async with s3_server() as server:
        yield open_blobs(
            f"s3://{BUCKET}/some/prefix", endpoint=server.endpoint, key_id="key", secret="secret"
        )
