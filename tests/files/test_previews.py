"""Previews: upright, small, without metadata; and none of what could harm (DESIGN 4.4)."""

from pathlib import Path

import pytest

from support.account import Office
from support.pictures import bomb, jpeg, opened, signature
from support.tus import shown


async def test_a_preview_is_upright_and_tells_nothing_but_pixels(office: Office) -> None:
    _, shot = await shown(office, jpeg(1200, 900, turned=True))
    assert b"Camera of Ivan" in shot.data
    answer = await office.desk.get(f"/v1/files/{shot.id}/preview", params={"size": 320})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    made = opened(answer.content)
    assert made.size == (240, 320)
    assert dict(made.getexif()) == {}
    assert b"Camera of Ivan" not in answer.content
    top, bottom = made.getpixel((120, 20)), made.getpixel((120, 300))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[0] > 200, bottom[2] > 200) == (True, True)  # red was left of the turned camera
    known = await office.desk.get(
        f"/v1/files/{shot.id}/preview",
        params={"size": 320},
        headers={"if-none-match": answer.headers["etag"]},
    )
    assert known.status_code == 304


async def test_a_small_picture_is_not_blown_up_and_a_signature_lies_on_white(office: Office) -> None:
    _, shot = await shown(office, signature(), media_type="image/png")
    answer = await office.ivan.http.get(f"/v1/files/{shot.id}/preview", params={"size": 2048})
    made = opened(answer.content)
    assert made.size == (300, 100)
    corner = made.getpixel((2, 2))
    assert isinstance(corner, tuple)
    assert min(corner) > 240


async def test_a_preview_is_made_once_and_then_kept(office: Office, data_dir: Path) -> None:
    _, shot = await shown(office, jpeg(800, 600))
    url = f"/v1/files/{shot.id}/preview"
    first = await office.desk.get(url, params={"size": 256})
    (kept,) = data_dir.glob(f"files/{office.account_id}/previews/{shot.sha256}/*")
    assert kept.name == "256.jpg"
    assert kept.read_bytes() == first.content
    kept.write_bytes(b"as it was kept")
    assert (await office.desk.get(url, params={"size": 256})).content == b"as it was kept"
    assert (await office.desk.get(url, params={"size": 257})).status_code == 200
    assert [one.name for one in kept.parent.iterdir()] == ["256.jpg"]


@pytest.mark.parametrize("size", ["15", "2049", "0", "-1", "big", ""])
async def test_other_sizes_are_refused(office: Office, size: str) -> None:
    _, shot = await shown(office, jpeg(100, 100))
    assert (await office.desk.get(f"/v1/files/{shot.id}/preview", params={"size": size})).status_code == 422


HARM = {
    "bomb": bomb(),
    "truncated": jpeg(1200, 900)[:-2000],
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "jpeg outside, html inside": b"\xff\xd8\xff\xe0<html>",
    "pdf": b"%PDF-1.7 " + bytes(1000),
    "noise": bytes(range(256)) * 10,
    "eps that runs ghostscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EOF\n",
}


@pytest.mark.parametrize("data", HARM.values(), ids=HARM)
async def test_what_is_no_sound_picture_gets_no_preview_and_stays(office: Office, data: bytes) -> None:
    _, shot = await shown(office, data)
    answer = await office.desk.get(f"/v1/files/{shot.id}/preview", params={"size": 320})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:naryad:problem:no-preview")
    assert "The original is unharmed" in answer.json()["detail"]
    assert (await office.desk.get(f"/v1/files/{shot.id}")).content == data


async def test_a_picture_that_needs_too_much_memory_ends_its_process_only(office: Office) -> None:
    _, big = await shown(office, bomb(7_700, 7_700))  # just under the limit of pixels, and it has no data
    _, good = await shown(office, jpeg())
    answer = await office.desk.get(f"/v1/files/{big.id}/preview", params={"size": 64})
    assert answer.status_code == 422
    assert (await office.desk.get(f"/v1/files/{good.id}/preview", params={"size": 64})).status_code == 200


async def test_a_process_that_takes_too_long_or_dies_is_replaced(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, shot = await shown(office, jpeg())
    monkeypatch.setattr("naryad.blobs.previews.workers.TIME_S", 0.0)
    late = await office.desk.get(f"/v1/files/{shot.id}/preview", params={"size": 64})
    assert late.status_code == 422
    assert "too long" in late.json()["detail"]
    monkeypatch.undo()
    assert (await office.desk.get(f"/v1/files/{shot.id}/preview", params={"size": 64})).status_code == 200
