"""Who may open a stream, how many, and what everyone else is answered."""

import httpx
import pytest

from naryad.access import COOKIES, App
from support.account import Office
from support.live import Live
from support.sse import listening


@pytest.mark.parametrize(
    ("headers", "status", "slug"),
    [
        ({"authorization": "Bearer wrong"}, 401, "unauthenticated"),
        ({"authorization": ""}, 401, "unauthenticated"),
        ({"origin": "https://elsewhere.example"}, 403, "bad-origin"),
        ({"origin": "null"}, 403, "bad-origin"),
        ({"last-event-id": "yesterday"}, 400, "invalid-cursor"),
    ],
)
async def test_a_refusal_says_why(
    desk: httpx.AsyncClient, headers: dict[str, str], status: int, slug: str
) -> None:
    answer = await desk.get("/v1/events", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:naryad:problem:{slug}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.headers["x-request-id"]) == 16


async def test_our_own_pages_are_welcome(live: Live, desk: httpx.AsyncClient) -> None:
    async with listening(desk, headers={"origin": live.url}) as reader:
        await reader.until(lambda one: one.heard)


async def test_two_people_in_one_browser_each_have_their_own_stream(office: Office, live: Live) -> None:
    """EventSource can set no header: the page says in the address which app it is."""
    cookies = {
        COOKIES[App.CONSOLE]: live.token_of(office.desk),
        COOKIES[App.FIELD]: live.token_of(office.ivan.http),
    }
    async with (
        httpx.AsyncClient(base_url=live.url, cookies=cookies) as http,
        listening(http, params={"app": "console"}) as desk,
        listening(http, params={"app": "field"}) as phone,
    ):
        await desk.until(lambda one: one.heard)
        await phone.until(lambda one: one.heard)
        await office.create_job()
        await desk.until(lambda one: one.changes)
        await phone.until(lambda one: one.changes)
        assert "actor" in desk.changes[0].data
        assert "actor" not in phone.changes[0].data


async def test_a_browser_with_another_apps_cookie_only_is_not_signed_in(office: Office, live: Live) -> None:
    cookies = {COOKIES[App.CONSOLE]: live.token_of(office.desk)}
    async with httpx.AsyncClient(base_url=live.url, cookies=cookies) as http:
        assert (await http.get("/v1/events", params={"app": "field"})).status_code == 401


async def test_three_hundred_streams_of_one_account_are_allowed(live: Live) -> None:
    assert live.app.hub.per_account >= 300
    assert live.app.hub.per_user >= 300


@pytest.mark.parametrize("limit", ["per_account", "per_user"])
async def test_too_many_streams_are_refused_in_words(
    live: Live, desk: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(live.app.hub, limit, 1)
    async with listening(desk) as reader:
        await reader.until(lambda one: one.heard)
        answer = await desk.get("/v1/events")
        assert answer.status_code == 429
        assert answer.headers["retry-after"]
        assert limit.removeprefix("per_") in answer.json()["detail"]
    async with listening(desk) as again:
        await again.until(lambda one: one.heard)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/v1/events", 405), ("GET", "/v1/elsewhere", 404), ("POST", "/healthz", 405)],
)
async def test_what_is_not_here_is_said(desk: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    answer = await desk.request(method, path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
