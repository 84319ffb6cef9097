"""tus 1.0.0 at /v1/uploads, header by header."""

import base64
import hashlib

import httpx
import pytest

from naryad.uuid7 import uuid7
from support.account import Office
from support.server import client
from support.tus import OCTETS, TUS, create, metadata, offset, patch, photo_metadata, picture


async def test_options_say_what_is_spoken_to_everyone(office: Office) -> None:
    async with client(office.api.url) as http:
        answer = await http.options("/v1/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    extensions = set(answer.headers["tus-extension"].split(","))
    assert extensions == {"creation", "creation-with-upload", "checksum", "expiration", "termination"}
    assert set(answer.headers["tus-checksum-algorithm"].split(",")) == {"sha1", "sha256"}
    assert int(answer.headers["tus-max-size"]) == 100 * 1024**2


async def test_an_upload_goes_on_where_it_was_and_says_when_it_expires(office: Office) -> None:
    job, shot, http = await office.create_job(), picture(100_000), office.ivan.http
    made = await create(http, len(shot.data), photo_metadata(job, shot, filename="до.jpg"))
    assert made.status_code == 201
    assert made.headers["tus-resumable"] == "1.0.0"
    url = made.headers["location"]
    assert await offset(http, url) == 0
    first = await patch(http, url, 0, shot.data[:40_000])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "40000")
    assert "GMT" in first.headers["upload-expires"]
    told = await http.head(url, headers=TUS)
    assert told.headers["upload-offset"] == "40000"
    assert told.headers["upload-length"] == "100000"
    assert told.headers["upload-metadata"] == photo_metadata(job, shot, filename="до.jpg")
    assert told.headers["cache-control"] == "no-store"
    wrong = await patch(http, url, 50_000, shot.data[50_000:])
    assert (wrong.status_code, wrong.json()["type"]) == (409, "urn:naryad:problem:offset-mismatch")
    last = await patch(http, url, 40_000, shot.data[40_000:])
    assert (last.status_code, last.headers["upload-offset"]) == (204, "100000")
    assert await offset(http, url) == 100_000


async def test_a_creation_may_bring_the_beginning_or_all_of_it(office: Office) -> None:
    job, shot, http = await office.create_job(), picture(9_000), office.ivan.http
    begun = await create(http, 9_000, photo_metadata(job, shot), shot.data[:4_000])
    assert (begun.status_code, begun.headers["upload-offset"]) == (201, "4000")
    whole = await create(http, 9_000, photo_metadata(job, shot), shot.data)
    assert (whole.status_code, whole.headers["upload-offset"]) == (201, "9000")


@pytest.mark.parametrize("missing", ["kind", "id", "job_id", "sha256"])
async def test_metadata_is_required(office: Office, missing: str) -> None:
    job, shot = await office.create_job(), picture(10)
    told = {"kind": "photo", "id": shot.id, "job_id": job["id"], "sha256": shot.sha256}
    del told[missing]
    answer = await create(office.ivan.http, 10, metadata(**told))
    assert answer.status_code == 422
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"/header/upload-metadata/{missing}"]


async def test_wrong_headers_are_refused_in_words(office: Office) -> None:
    job, shot, http = await office.create_job(), picture(1_000), office.ivan.http
    described = photo_metadata(job, shot)

    async def status(answer: httpx.Response) -> tuple[int, str]:
        return answer.status_code, answer.json()["type"].rpartition(":")[2]

    other = await http.post("/v1/uploads", headers={"tus-resumable": "0.2.2"})
    assert await status(other) == (412, "tus-version")
    assert other.headers["tus-version"] == "1.0.0"
    assert await status(await http.post("/v1/uploads")) == (412, "tus-version")
    no_length = await http.post("/v1/uploads", headers={**TUS, "upload-metadata": described})
    assert await status(no_length) == (422, "invalid-request")
    no_metadata = await http.post("/v1/uploads", headers={**TUS, "upload-length": "5"})
    assert await status(no_metadata) == (422, "invalid-request")
    assert await status(await create(http, 10, "kind a b c,,")) == (422, "invalid-request")
    assert await status(await create(http, 10, metadata(kind="video"))) == (422, "invalid-request")
    assert await status(await create(http, 10**12, described)) == (413, "too-large")

    url = (await create(http, 1_000, described)).headers["location"]
    text = await http.patch(url, headers={**TUS, "upload-offset": "0"}, content=b"x")
    assert await status(text) == (415, "unsupported-media-type")
    assert await status(await patch(http, url, 0, bytes(1_001))) == (413, "too-large")
    assert await status(await http.patch(url, headers=OCTETS, content=b"x")) == (422, "invalid-request")
    md5 = await patch(http, url, 0, b"x", **{"upload-checksum": "md5 AAAA"})
    assert await status(md5) == (400, "bad-checksum")
    assert await status(await http.post(url, headers=OCTETS)) == (422, "invalid-request")
    assert await offset(http, url) == 0


async def test_a_body_longer_than_the_file_is_refused_also_when_its_length_is_not_announced(
    office: Office,
) -> None:
    job, shot, http = await office.create_job(), picture(1_000), office.ivan.http
    url = (await create(http, 1_000, photo_metadata(job, shot))).headers["location"]

    async def body():  # type: ignore[no-untyped-def]
        for _ in range(5):
            yield bytes(300)

    answer = await patch(http, url, 0, body())
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:naryad:problem:too-large")
    assert await offset(http, url) < 1_000


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_a_body_that_is_not_what_its_checksum_says_leaves_no_trace(
    office: Office, algorithm: str
) -> None:
    job, shot, http = await office.create_job(), picture(200_000), office.ivan.http
    url = (await create(http, 200_000, photo_metadata(job, shot))).headers["location"]

    def checksum(data: bytes) -> dict[str, str]:
        value = base64.b64encode(hashlib.new(algorithm, data).digest()).decode()
        return {"upload-checksum": f"{algorithm} {value}"}

    good = await patch(http, url, 0, shot.data[:50_000], **checksum(shot.data[:50_000]))
    assert good.status_code == 204
    harmed = await patch(http, url, 50_000, bytes(150_000), **checksum(shot.data[50_000:]))
    assert (harmed.status_code, harmed.json()["type"]) == (460, "urn:naryad:problem:checksum-mismatch")
    assert await offset(http, url) == 50_000
    rest = await patch(http, url, 50_000, shot.data[50_000:], **checksum(shot.data[50_000:]))
    assert rest.status_code == 204


async def test_an_upload_can_be_given_up(office: Office) -> None:
    job, shot, http = await office.create_job(), picture(1_000), office.ivan.http
    url = (await create(http, 1_000, photo_metadata(job, shot), shot.data[:500])).headers["location"]
    assert (await http.delete(url, headers=TUS)).status_code == 204
    assert (await http.head(url, headers=TUS)).status_code == 404
    assert (await patch(http, url, 500, shot.data[500:])).status_code == 404
    assert (await http.delete(url, headers=TUS)).status_code == 404


async def test_where_only_post_gets_through_it_may_mean_patch(office: Office) -> None:
    job, shot, http = await office.create_job(), picture(1_000), office.ivan.http
    url = (await create(http, 1_000, photo_metadata(job, shot))).headers["location"]
    headers = {**OCTETS, "upload-offset": "0", "x-http-method-override": "PATCH"}
    assert (await http.post(url, headers=headers, content=shot.data)).status_code == 204


async def test_uploads_are_their_users_own_and_jobs_those_the_worker_has(office: Office) -> None:
    job, shot = await office.create_job(), picture(1_000)
    url = (await create(office.ivan.http, 1_000, photo_metadata(job, shot))).headers["location"]
    for http in (office.olga.http, office.desk):
        assert (await http.head(url, headers=TUS)).status_code == 404
        assert (await patch(http, url, 0, shot.data)).status_code == 404
        assert (await http.delete(url, headers=TUS)).status_code == 404
    assert (await create(office.olga.http, 1_000, photo_metadata(job, shot))).status_code == 404
    unknown = photo_metadata({"id": str(uuid7())}, shot)
    assert (await create(office.ivan.http, 1_000, unknown)).status_code == 404
    attachment = metadata(kind="attachment", id=str(uuid7()), job_id=job["id"], sha256=shot.sha256)
    assert (await create(office.ivan.http, 1_000, attachment)).status_code == 403
    async with client(office.api.url) as nobody:
        assert (await create(nobody, 1_000, photo_metadata(job, shot))).status_code == 401
        assert (await nobody.head(url, headers=TUS)).status_code == 401
