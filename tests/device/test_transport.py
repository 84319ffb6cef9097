"""The transport against a real socket: what networks and servers do to a request."""

import asyncio
import socket
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from naryad.device.answers import Answer, Page, Refused, Unchanged, Unreachable
from naryad.device.requests import Exchange, Poll, Request, next_request
from naryad.device.retry_after import retry_after_s
from naryad.device.session import Credentials, Profile, Session
from naryad.device.state import DeviceState, Health
from naryad.device.transport import Transport
from naryad.domain.ids import DeviceId
from naryad.domain.network import Network
from naryad.domain.sync_policy import Trigger
from support.model_http import ModelHttp, model_http, problem
from support.model_server import ModelServer

DEVICE = DeviceId(UUID("018f0000-0000-7000-8000-00000000dddd"))
TOLD = Health(Network.FAST, 0, 0, 0, "1")
TOKEN = "opaque"


@pytest.fixture
async def served() -> AsyncIterator[ModelHttp]:
    async with model_http(ModelServer()) as serving:
        serving.tokens.add(TOKEN)
        yield serving


@pytest.fixture
async def transport(served: ModelHttp) -> AsyncIterator[Transport]:
    async with Transport(served.url) as one:
        yield one


async def ask(transport: Transport, request: Request | None = None, token: str = TOKEN) -> Answer:
    return (await transport.sync(request or Poll("1.0"), token)).answer


def post() -> Exchange:
    request = next_request(DeviceState(DEVICE), TOLD, Trigger.OPEN, "2026-11-24T10:00:00+03:00")
    assert isinstance(request, Exchange)
    return request


async def test_an_idle_poll_says_no_more_than_it_must(served: ModelHttp, transport: Transport) -> None:
    assert await ask(transport) == Unchanged()
    ((method, target, headers, _),) = served.seen
    assert (method, target) == ("GET", "/v1/sync?cursor=1.0")
    assert headers.keys() == {"host", "authorization", "accept-encoding"}


async def test_a_post_brings_a_page(served: ModelHttp, transport: Transport) -> None:
    served.model.dispatch("018f0000-0000-7000-8000-000000000001", description="Наряд")
    answer = await ask(transport, post())
    assert isinstance(answer, Page)
    assert [job["description"] for job in answer.jobs] == ["Наряд"]


async def test_a_connection_found_stale_costs_one_repetition(served: ModelHttp, transport: Transport) -> None:
    served.faults = ["stale"]
    assert await ask(transport) == Unchanged()
    assert await ask(transport) == Unchanged()
    assert served.connections == 2


async def test_the_body_is_measured_as_it_travelled(served: ModelHttp, transport: Transport) -> None:
    served.faults = [(200, {}, b'{"cursor": "1.0"}' + b" " * 5000)]
    assert (await transport.sync(Poll("1.0"), TOKEN)).size == 5017


async def test_one_cut_is_repeated_a_second_is_reported(served: ModelHttp, transport: Transport) -> None:
    served.faults = ["cut", "cut"]
    assert isinstance(await ask(transport, post()), Unreachable)
    assert len(served.seen) == 2
    served.faults = ["lost reply"]
    assert isinstance(await ask(transport, post()), Page)


async def test_a_sign_in_is_not_repeated_by_itself(served: ModelHttp, transport: Transport) -> None:
    served.faults = ["cut"]
    answer = await transport.sign_in(Credentials("ivan", "demo"), DEVICE, Profile("phone"))
    assert isinstance(answer, Unreachable)
    assert len(served.seen) == 1


async def test_sign_in(served: ModelHttp, transport: Transport) -> None:
    signed = await transport.sign_in(Credentials("ivan", "demo"), DEVICE, Profile("phone"))
    assert isinstance(signed, Session)
    assert signed.token in served.tokens
    assert (signed.worker_name, signed.time_zone) == ("Иван", "Europe/Moscow")
    assert signed.token not in repr(signed)
    refused = await transport.sign_in(Credentials("ivan", "wrong"), DEVICE, Profile("phone"))
    assert isinstance(refused, Refused)
    assert (refused.status, refused.slug) == (401, "wrong-credentials")
    assert "wrong" not in repr(Credentials("ivan", "wrong"))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "17"}, 17.0),
        ({"Retry_After": "Tue, 24 Nov 2026 07:00:30 GMT", "Date": "Tue, 24 Nov 2026 07:00:00 GMT"}, 30.0),
        ({}, None),
    ],
)
async def test_retry_after_is_read(
    served: ModelHttp, transport: Transport, headers: dict[str, str], seconds: float | None
) -> None:
    served.faults = [problem(503, "unavailable", **headers)]
    answer = await ask(transport)
    assert isinstance(answer, Refused)
    assert (answer.status, answer.slug, answer.retry_after_s) == (503, "unavailable", seconds)


@pytest.mark.parametrize("said", ["soon", "-5", "1e9", "", "Tue, 99 Nov 2026 07:00:30 GMT"])
def test_an_unreadable_retry_after_is_none(said: str) -> None:
    assert retry_after_s(said, "Tue, 24 Nov 2026 07:00:00 GMT") is None


@pytest.mark.parametrize(
    "instead",
    [
        (200, {"Content_Type": "text/html"}, "<html>Добро пожаловать в Wi-Fi метро".encode()),
        (200, {}, b'{"hello": "world"}'),
        (200, {}, b'{"cursor": "1", "jobs": "many"}'),
        (200, {"Content_Encoding": "gzip"}, b"no gzip"),
    ],
    ids=["captive portal", "other JSON", "wrong shape", "broken encoding"],
)
async def test_somebody_else_who_answers_is_not_believed(
    served: ModelHttp, transport: Transport, instead: tuple[int, dict[str, str], bytes]
) -> None:
    served.faults = [instead]
    assert isinstance(await ask(transport), Unreachable)


async def test_a_refusal_without_a_problem_document_is_still_a_refusal(
    served: ModelHttp, transport: Transport
) -> None:
    served.faults = [(502, {}, b"<html>Bad gateway")]
    answer = await ask(transport)
    assert isinstance(answer, Refused)
    assert (answer.status, answer.slug, answer.said) == (502, "", "The server answered 502.")


async def test_an_endless_answer_is_given_up(served: ModelHttp, transport: Transport) -> None:
    served.faults = [(200, {}, b"[" * (33 * 1024 * 1024))]
    answer = await ask(transport)
    assert answer == Unreachable("the answer is too large to be Naryad's")


async def test_nobody_there_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused at once
        async with Transport(f"http://127.0.0.1:{taken.getsockname()[1]}") as transport:
            assert isinstance(await ask(transport), Unreachable)


async def test_cancelling_a_request_leaves_the_transport_usable(
    served: ModelHttp, transport: Transport
) -> None:
    waiting = asyncio.create_task(ask(transport))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await ask(transport) == Unchanged()
