"""The access token: proven by signature, shared by all sendings, renewed before it is needed."""

import asyncio

import httpx
import pytest
from aiohttp import web

from naryad.settings import Settings
from naryad_pusher.channels.channel import Misconfigured, Retry, Sent
from naryad_pusher.channels.fcm import access
from naryad_pusher.channels.fcm.fcm import Fcm
from push_fcm.opened import opened, phone
from support.fcm_service import FakeFcm
from support.misbehaving import plain, reset
from support.push_messages import message
from support.wait import soon


class Clock:
    """The monotonic clock, moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(fcm: Fcm) -> Clock:
    fcm._tokens._clock = moved = Clock()
    return moved


async def test_one_token_serves_all_and_its_request_is_signed(fcm: Fcm, service: FakeFcm) -> None:
    outcomes = await asyncio.gather(*(fcm.send(message(), phone()) for _ in range(30)))
    assert outcomes == [Sent()] * 30
    assert service.grants == 1
    [claims] = service.assertions  # the service verified the signature
    assert claims["scope"] == "https://www.googleapis.com/auth/firebase.messaging"
    assert claims["exp"] - claims["iat"] == 3600


async def test_it_is_renewed_ahead_of_time_and_nobody_waits(fcm: Fcm, service: FakeFcm, clock: Clock) -> None:
    assert await fcm.send(message(), phone()) == Sent()
    asked, answer = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        asked.set()
        await answer.wait()
        service.valid.add("ya29.renewed")
        return web.json_response({"access_token": "ya29.renewed", "expires_in": 3600})

    service.grant = slow
    clock.now = 3_000
    assert await fcm.send(message(), phone()) == Sent()  # by the old one
    await soon(asked.wait())
    assert await fcm.send(message(), phone()) == Sent()
    assert service.grants == 2
    answer.set()
    assert fcm._tokens._asking is not None
    await fcm._tokens._asking
    service.valid.remove("ya29.secret-1")
    assert await fcm.send(message(), phone()) == Sent()  # by the new one


async def test_a_slow_token_endpoint_blocks_no_loop(fcm: Fcm, service: FakeFcm) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        asked.set()
        await answer.wait()
        service.grant = None
        service.grants = 0
        return await service.give_token(request)

    service.grant = slow
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    sending = asyncio.create_task(fcm.send(message(), phone()))
    await soon(asked.wait())
    before = ticks
    while ticks < before + 1_000:  # the service answers only after that: a blocked loop would stand here
        await asyncio.sleep(0)
    assert not sending.done()
    answer.set()
    assert await sending == Sent()
    ticking.cancel()


async def test_a_cancelled_sending_takes_the_token_from_no_other(fcm: Fcm, service: FakeFcm) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        asked.set()
        await answer.wait()
        service.valid.add("ya29.late")
        return web.json_response({"access_token": "ya29.late", "expires_in": 3600})

    service.grant = slow
    doomed, *others = [asyncio.create_task(fcm.send(message(), phone(f"p{n}"))) for n in range(10)]
    await soon(asked.wait())
    doomed.cancel()
    answer.set()
    assert await asyncio.gather(*others) == [Sent()] * 9
    assert service.grants == 1


async def test_while_the_endpoint_is_down_the_old_token_serves_then_all_wait(
    fcm: Fcm, service: FakeFcm, clock: Clock
) -> None:
    assert await fcm.send(message(), phone()) == Sent()
    service.grant = plain(503, b"", **{"retry-after": "17"})
    clock.now = 3_500
    for _ in range(5):
        assert await fcm.send(message(), phone()) == Sent()
        await asyncio.sleep(0.01)
    clock.now = 3_601
    assert await fcm.send(message(), phone()) == Retry("access token: 503", 17)
    asked = service.grants
    for _ in range(20):
        assert await fcm.send(message(), phone()) == Retry("access token: 503", 17)
    assert service.grants == asked  # not for each of them
    service.grant = None
    clock.now += access.AGAIN_S
    assert await fcm.send(message(), phone()) == Sent()


@pytest.mark.parametrize(
    "trouble", [reset, plain(500, b"<html>"), plain(200, b'{"access'), plain(200, b"{}"), plain(429, b"")]
)
async def test_an_endpoint_in_trouble_is_asked_again_later(
    fcm: Fcm, service: FakeFcm, trouble: object
) -> None:
    service.grant = trouble  # type: ignore[assignment]
    outcome = await fcm.send(message(), phone())
    assert isinstance(outcome, Retry)
    assert outcome.after_s >= access.AGAIN_S
    assert not service.requests


async def test_an_endpoint_that_is_not_there_is_asked_again_later(fcm: Fcm) -> None:
    fcm._tokens._token_uri = "http://127.0.0.1:9/token"
    outcome = await fcm.send(message(), phone())
    assert isinstance(outcome, Retry)


async def test_a_silent_endpoint_is_not_waited_for_for_ever(
    fcm: Fcm, service: FakeFcm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "ANSWER_S", 0.05)

    async def silent(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError("it never answers")

    service.grant = silent
    assert await fcm.send(message(), phone()) == Retry("no access token within 0.05 s", access.AGAIN_S)


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_refused_credentials_are_said_in_googles_words(fcm: Fcm, service: FakeFcm, status: int) -> None:
    service.grant = plain(
        status, b'{"error": "invalid_grant", "error_description": "Invalid JWT Signature."}'
    )
    outcome = await fcm.send(message(), phone())
    assert outcome == Misconfigured(f"access token: {status} invalid_grant Invalid JWT Signature.")


async def test_a_token_that_fcm_refuses_is_given_up_for_another(fcm: Fcm, service: FakeFcm) -> None:
    assert await fcm.send(message(), phone()) == Sent()
    service.valid.clear()
    assert isinstance(await fcm.send(message(), phone()), Misconfigured)
    assert await fcm.send(message(), phone()) == Sent()
    assert service.grants == 2


async def test_a_token_that_could_not_be_sent_is_no_token(fcm: Fcm, service: FakeFcm) -> None:
    service.grant = plain(200, '{"access_token": "я\\r\\nx: y", "expires_in": 3600}'.encode())
    assert isinstance(await fcm.send(message(), phone()), Retry)


async def test_closing_in_the_midst_of_a_request_ends_it(settings: Settings, service: FakeFcm) -> None:
    asked = asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError("it never answers")

    service.grant = silent
    async with opened(settings) as fcm:
        sending = asyncio.create_task(fcm.send(message(), phone()))
        await soon(asked.wait())
    with pytest.raises((asyncio.CancelledError, httpx.HTTPError)):
        await sending
