"""What a sync costs in bytes: request and answer, counted on the socket of a kept connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from naryad_cli.bench.counted_http import Answer, CountedHttp
from naryad_cli.bench.report import Figure

BROTLI = "Accept-Encoding: br"
"""iOS and browsers ask for it by themselves over HTTPS, Android's OkHttp with its brotli module."""

GZIP = "Accept-Encoding: gzip"
"""Every phone has it, and asks for it by itself."""

IDLE_POLL, ONE_FIELD, FIRST_SYNC = 260, 600, 6_500
"""The most bytes that each may cost."""


@dataclass(frozen=True, slots=True)
class WireBytes:
    idle_poll: int
    one_field: int
    first_sync: int  # with brotli
    first_sync_gzip: int
    first_sync_plain: int


def figures(measured: WireBytes) -> list[Figure]:
    return [
        Figure("idle poll", measured.idle_poll, "bytes", at_most=IDLE_POLL),
        Figure("one changed field of one job", measured.one_field, "bytes", at_most=ONE_FIELD),
        Figure(
            "first sync of 40 typical jobs",
            measured.first_sync,
            "bytes",
            at_most=FIRST_SYNC,
            detail={
                "compression": "br",
                "gzip": measured.first_sync_gzip,
                "uncompressed": measured.first_sync_plain,
            },
        ),
    ]


async def measure_bytes(
    phone: CountedHttp, desk: httpx.AsyncClient, jobs: Sequence[dict[str, Any]]
) -> WireBytes:
    """A phone that has nothing yet gets these jobs, hears nothing new, then of one changed field."""
    first = expect(await phone.get("/v1/sync", BROTLI), 200)
    gzip, plain = await phone.get("/v1/sync", GZIP), await phone.get("/v1/sync")
    cursor = first.json()["cursor"]
    assert len(first.json()["jobs"]) == len(jobs)
    idle = expect(await phone.get(f"/v1/sync?cursor={cursor}"), 204)
    await change(desk, jobs[0], description="Заменить счётчик, новый лежит на складе")
    one_field = expect(await phone.get(f"/v1/sync?cursor={cursor}"), 200)
    return WireBytes(idle.bytes, one_field.bytes, first.bytes, gzip.bytes, plain.bytes)


async def change(desk: httpx.AsyncClient, job: dict[str, Any], **fields: object) -> None:
    """As a dispatcher."""
    (await desk.patch(f"/v1/jobs/{job['id']}", json=fields)).raise_for_status()


def expect(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise RuntimeError(f"expected {status}, got {answer.status}: {answer.body[:200]!r}")
    return answer
