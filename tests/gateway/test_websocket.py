"""The same events over a WebSocket, heard by a client library."""

import json
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from naryad_gateway.drain import drain
from support.account import Office
from support.live import Live


def opened(live: Live, http: httpx.AsyncClient | None, **headers: str) -> connect:
    if http is not None:
        headers["authorization"] = http.headers["authorization"]
    return connect(live.url.replace("http", "ws", 1) + "/v1/ws", additional_headers=headers, proxy=None)


async def heard(stream: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await stream.recv())
    return message


async def test_the_same_frames_as_json(office: Office, live: Live) -> None:
    at = (await office.desk.get("/v1/jobs")).json()["position"]
    first = await office.create_job()
    async with opened(live, office.desk) as stream:
        await stream.send(json.dumps({"after": at}))
        assert await heard(stream) == {"id": at, "event": "hb", "data": {}}
        assert (await heard(stream))["data"]["job"]["id"] == first["id"]
        second = await office.create_job()
        told = await heard(stream)
        assert told["event"] == "change"
        assert told["id"] == (await office.desk.get("/v1/jobs")).json()["position"]
        assert told["data"]["version"] == second["version"]


@pytest.mark.parametrize("message", ["{}", '{"after": null}'])
async def test_without_a_position_from_now(office: Office, live: Live, message: str) -> None:
    await office.create_job()
    async with opened(live, office.ivan.http) as stream:
        await stream.send(message)
        assert (await heard(stream))["event"] == "hb"
        job = await office.create_job()
        assert (await heard(stream))["data"]["job"] == {"id": job["id"], "version": job["version"]}


async def test_a_gap_is_announced(office: Office, live: Live) -> None:
    async with opened(live, office.desk) as stream:
        await stream.send('{"after": "ffffffff.1"}')
        assert (await heard(stream))["event"] == "hb"
        told = await heard(stream)
        assert (told["event"], told["data"]["reason"]) == ("resync", "epoch")


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"authorization": "Bearer wrong"}, 401), ({"origin": "https://elsewhere.example"}, 403)],
)
async def test_a_refusal_is_an_answer_to_the_handshake(
    office: Office, live: Live, headers: dict[str, str], status: int
) -> None:
    http = office.desk if "origin" in headers else None
    with pytest.raises(InvalidStatus) as refused:
        async with opened(live, http, **headers):
            pass
    assert refused.value.response.status_code == status
    assert json.loads(refused.value.response.body or b"")["status"] == status


@pytest.mark.parametrize("message", ["what?", '{"after": 5}', '{"after": "yesterday"}', "[]"])
async def test_an_unreadable_first_message_ends_it_in_words(office: Office, live: Live, message: str) -> None:
    async with opened(live, office.desk) as stream:
        await stream.send(message)
        with pytest.raises(ConnectionClosed) as ended:
            await stream.recv()
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 1008
        assert "<epoch>" in ended.value.rcvd.reason or "position" in ended.value.rcvd.reason


async def test_draining_closes_it(office: Office, live: Live) -> None:
    async with opened(live, office.desk) as stream:
        await stream.send("{}")
        await heard(stream)
        await drain(live.app.hub, 0)
        with pytest.raises(ConnectionClosed) as ended:
            await stream.recv()
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 1001
    assert not live.app.hub.streams()
