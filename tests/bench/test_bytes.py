"""What a sync may cost in bytes, counted on a socket: request and answer of a kept connection."""

import socket
from urllib.parse import urlsplit

import pytest

from naryad_cli.bench.counted_http import counted
from naryad_cli.bench.office import publish_typical_jobs
from naryad_cli.bench.wire import FIRST_SYNC, IDLE_POLL, ONE_FIELD, WireBytes, measure_bytes
from support.account import Office


@pytest.fixture
async def measured(office: Office) -> WireBytes:
    jobs = await publish_typical_jobs(office.desk, office.ivan.worker_id)
    url = urlsplit(office.api.url)
    assert url.hostname
    assert url.port
    token = office.ivan.http.headers["authorization"].removeprefix("Bearer ")
    async with counted((url.hostname, url.port), token, socket.socket()) as phone:
        return await measure_bytes(phone, office.desk, jobs)


async def test_syncs_stay_within_their_bytes(measured: WireBytes) -> None:
    print(measured)
    assert measured.idle_poll <= IDLE_POLL
    assert measured.one_field <= ONE_FIELD
    assert measured.first_sync <= FIRST_SYNC
    assert measured.first_sync < measured.first_sync_gzip
    assert measured.first_sync_plain > 40_000, "jobs as small as these are not typical"
