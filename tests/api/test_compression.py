"""What is compressed, and by which coding."""

import gzip

import brotli
import httpx
import pytest

from support.account import Office


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br", "br"),
        ("gzip, deflate, br", "br"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("br;q=0, gzip", "gzip"),
        ("gzip", "gzip"),
        ("brotli", None),
        ("", None),
    ],
)
async def test_a_client_gets_the_smallest_coding_it_asks_for(
    office: Office, accepted: str, coding: str | None
) -> None:
    for _ in range(3):
        await office.create_job(description="Заменить счётчик горячей воды в ванной " * 3)
    plain = await _raw(office, "")
    answer = await _raw(office, accepted)
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    decode = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    assert decode(answer.content)[:200] == plain.content[:200]


async def test_what_is_small_comes_as_it_is(office: Office) -> None:
    answer = await _raw(office, "br, gzip", "/v1/devices/none")
    assert "content-encoding" not in answer.headers
    assert "vary" not in answer.headers


async def _raw(office: Office, accepted: str, path: str = "/v1/jobs") -> httpx.Response:
    """The answer with its body as it travelled."""
    async with office.desk.stream("GET", path, headers={"accept-encoding": accepted}) as answer:
        answer._content = b"".join([piece async for piece in answer.aiter_raw()])
    return answer
