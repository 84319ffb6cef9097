"""GET /v1/files/{id}: who may, ranges and validators, and headers that keep a browser from running it."""

import random
from pathlib import Path

import pytest

from naryad.domain.files import SEGMENT
from support.account import Office, found_office
from support.pictures import jpeg
from support.tus import attach, photo_in, picture, send, shown


async def test_the_bytes_come_back_as_they_went(office: Office) -> None:
    _, shot = await shown(office, jpeg())
    for http in (office.desk, office.ivan.http):
        answer = await http.get(f"/v1/files/{shot.id}")
        assert answer.status_code == 200
        assert answer.content == shot.data
    assert answer.headers["etag"] == f'"{shot.sha256}"'
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-length"] == str(len(shot.data))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert {"private", "immutable"} <= set(answer.headers["cache-control"].split(", "))
    assert answer.headers["content-disposition"].startswith("inline; ")
    head = await office.desk.head(f"/v1/files/{shot.id}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(shot.data))


async def test_ranges_resume_a_download_of_the_same_bytes_only(office: Office) -> None:
    job = await office.create_job()
    data = random.Random(3).randbytes(SEGMENT + 100_000)
    url = f"/v1/files/{await attach(office, job, data, filename='план.pdf', filetype='application/pdf')}"
    whole = await office.ivan.http.get(url, headers={"accept-encoding": "gzip"})
    assert whole.content == data
    assert "content-encoding" not in whole.headers
    etag, size = whole.headers["etag"], len(data)
    for asked, start, end in (
        ("bytes=0-99", 0, 100),
        (f"bytes={SEGMENT - 10}-{SEGMENT + 9}", SEGMENT - 10, SEGMENT + 10),
        (f"bytes={size - 5}-", size - 5, size),
        ("bytes=-7", size - 7, size),
        (f"bytes=5-{size * 2}", 5, size),
    ):
        part = await office.ivan.http.get(url, headers={"range": asked, "if-range": etag})
        assert part.status_code == 206
        assert part.content == data[start:end]
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    other = await office.ivan.http.get(url, headers={"range": "bytes=0-9", "if-range": '"other"'})
    assert (other.status_code, len(other.content)) == (200, size)
    several = await office.ivan.http.get(url, headers={"range": "bytes=0-9,20-29"})
    assert (several.status_code, len(several.content)) == (200, size)
    beyond = await office.ivan.http.get(url, headers={"range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.json()["size"]) == (416, size)
    known = await office.ivan.http.get(url, headers={"if-none-match": etag})
    assert (known.status_code, known.content) == (304, b"")


async def test_a_file_is_for_the_desk_and_for_workers_who_have_the_job(office: Office) -> None:
    job, shot = await shown(office, jpeg())
    url = f"/v1/files/{shot.id}"
    assert (await office.olga.http.get(url)).status_code == 404
    hers = {"assignees": [{"worker_id": office.olga.worker_id}]}
    await office.desk.patch(f"/v1/jobs/{job['id']}", json=hers)
    assert (await office.olga.http.get(url)).status_code == 200
    assert (await office.ivan.http.get(url)).status_code == 404
    async with found_office(office.api, "Rival") as rival:
        for path in (url, f"{url}/preview"):
            assert (await rival.desk.get(path)).status_code == 404
    await office.desk.delete(f"/v1/jobs/{job['id']}")
    assert (await office.desk.get(url)).status_code == 404


async def test_a_photo_whose_bytes_are_on_the_phone_is_not_there_yet_and_says_so(office: Office) -> None:
    job, shot = await office.create_job(), picture()
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    await office.ivan.sync(office.ivan.operation(held, "add_photo", photo=shot.photo()))
    answer = await office.desk.get(f"/v1/files/{shot.id}")
    assert answer.status_code == 404
    assert "still on the phone" in answer.json()["detail"]


@pytest.mark.parametrize(
    "claimed",
    ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "TEXT/HTML; charset=utf-8", "?"],
)
async def test_nothing_is_served_as_a_page(office: Office, claimed: str) -> None:
    _, shot = await shown(office, b"<script>alert(1)</script>", media_type=claimed)
    answer = await office.desk.get(f"/v1/files/{shot.id}")
    assert answer.content == shot.data
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_name_cannot_add_a_header(office: Office) -> None:
    job = await office.create_job()
    name = 'a"\r\nset-cookie: x=1; б.pdf'
    answer = await office.desk.get(f"/v1/files/{await attach(office, job, b'pdf', filename=name)}")
    assert "set-cookie" not in answer.headers
    said = answer.headers["content-disposition"]
    assert said.startswith('attachment; filename="a___set-cookie_ x_1_ _.pdf"; filename*=UTF-8')
    assert said.endswith("%D0%B1.pdf")


async def test_a_content_that_the_storage_lost_is_said_and_can_be_sent_again(
    office: Office, data_dir: Path
) -> None:
    job, shot = await shown(office, jpeg(100, 100))
    for segment in data_dir.glob(f"files/{office.account_id}/content/{shot.sha256}/*/*"):
        segment.unlink()
    answer = await office.desk.get(f"/v1/files/{shot.id}")
    assert answer.status_code == 404
    assert "lost" in answer.json()["detail"]
    photo = await photo_in(office.ivan, job, shot)
    assert (photo["state"], photo["reason"]) == ("failed", "lost")
    assert (await send(office.ivan, job, shot)).status_code == 204
    photo = await photo_in(office.ivan, job, shot)
    assert photo == shot.photo(state="available")
    assert (await office.desk.get(f"/v1/files/{shot.id}")).content == shot.data
