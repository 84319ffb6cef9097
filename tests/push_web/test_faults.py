"""What happens on the way to a push service stays with the one message it happens to."""

import asyncio
import random

import pytest
from aiohttp import web

from naryad.settings import Settings
from naryad_pusher.channels.channel import Gone, Retry, Sent
from naryad_pusher.channels.webpush import connections
from naryad_pusher.channels.webpush.webpush import WebPush
from push_web.opened import opened
from support.misbehaving import endless, half, plain, reset, silent
from support.push_messages import message
from support.push_service import FakePushService
from support.wait import soon

DEADLINE_S = 300.0
"""Of a hang, not of slowness."""


async def test_a_hundred_and_fifty_unavailable_answers_do_not_hang(
    webpush: WebPush, service: FakePushService
) -> None:
    addresses = [service.subscribe(f"down-{number}") for number in range(150)]
    service.answers.update({f"down-{n}": plain(503, b"", **{"retry-after": "20"}) for n in range(150)})
    async with asyncio.timeout(DEADLINE_S):
        outcomes = await asyncio.gather(*(webpush.send(message(), one) for one in addresses))
        assert outcomes == [Retry("127.0.0.1 503", 20)] * 150
        assert set(service.requests.values()) == {1}
        assert await webpush.send(message(), service.subscribe()) == Sent()


async def test_one_cancelled_sending_among_fifty_is_noticed_by_no_other(
    webpush: WebPush, service: FakePushService
) -> None:
    at_the_service = asyncio.Event()

    async def noticed(request: object) -> None:
        at_the_service.set()
        await asyncio.Event().wait()

    service.answers["cancelled"] = noticed  # type: ignore[assignment]
    doomed = asyncio.create_task(webpush.send(message(), service.subscribe("cancelled")))
    others = [
        asyncio.create_task(webpush.send(message(), service.subscribe(f"browser-{number}")))
        for number in range(49)
    ]
    await soon(at_the_service.wait())
    doomed.cancel()
    assert await asyncio.gather(*others) == [Sent()] * 49
    with pytest.raises(asyncio.CancelledError):
        await doomed
    assert sorted(one.subscription for one in service.pushes) == sorted(f"browser-{n}" for n in range(49))


async def test_sendings_cancelled_at_any_moment_leave_room_for_all_that_follow(
    webpush: WebPush, service: FakePushService
) -> None:
    """More of them than there are connections: none may keep its own for ever."""
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    address = service.subscribe()
    for _ in range(6):
        doomed = [asyncio.create_task(webpush.send(message(), address)) for _ in range(50)]
        for _ in range(chance.randrange(40)):
            await asyncio.sleep(0)
        await asyncio.sleep(chance.random() * 0.02)
        for task in doomed:
            task.cancel()
        await asyncio.gather(*doomed, return_exceptions=True)
    async with asyncio.timeout(DEADLINE_S):
        outcomes = await asyncio.gather(*(webpush.send(message(), address) for _ in range(120)))
    assert outcomes == [Sent()] * 120


async def test_a_silent_service_costs_its_message_an_attempt_and_the_others_nothing(
    settings: Settings, service: FakePushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ANSWER_S", 0.5)
    async with opened(settings) as hasty:
        service.answers["silent"] = silent
        address = service.subscribe("silent")
        waited = await asyncio.gather(*(hasty.send(message(), address) for _ in range(50)))
    assert {type(one) for one in waited} == {Retry}
    assert {"no answer within" in one.detail for one in waited} == {True}  # type: ignore[union-attr]


@pytest.mark.parametrize("fault", [reset, plain(201, b"")])
async def test_a_reset_connection_is_tried_again_later(
    webpush: WebPush, service: FakePushService, fault: object
) -> None:
    service.answers["broken"] = fault  # type: ignore[assignment]
    outcomes = await asyncio.gather(
        *(webpush.send(message(), service.subscribe("broken" if n % 2 else "whole")) for n in range(40))
    )
    expected = Retry if fault is reset else Sent
    assert all(type(one) is (expected if n % 2 else Sent) for n, one in enumerate(outcomes)), outcomes
    assert service.requests == {"broken": 20, "whole": 20}


@pytest.mark.parametrize("rest", [half, endless])
async def test_the_status_counts_whatever_becomes_of_the_body(
    webpush: WebPush, service: FakePushService, rest: object
) -> None:
    """Taken is taken: to read on would send it twice."""
    service.answers["broken"] = rest  # type: ignore[assignment]
    outcomes = await asyncio.gather(
        *(webpush.send(message(), service.subscribe("broken")) for _ in range(20))
    )
    assert outcomes == [Sent()] * 20
    assert service.requests == {"broken": 20}


async def test_an_error_whose_body_breaks_off_is_still_that_error(
    webpush: WebPush, service: FakePushService
) -> None:
    async def gone_and_cut(request: object) -> object:
        response = web.StreamResponse(status=410, headers={"content-length": "100"})
        await response.prepare(request)  # type: ignore[arg-type]
        return await reset(request)  # type: ignore[arg-type]

    service.answers["s3cret-of-ivan"] = gone_and_cut  # type: ignore[assignment]
    assert await webpush.send(message(), service.subscribe()) == Gone("127.0.0.1 410")


async def test_a_service_that_is_not_there_is_asked_again_later(
    webpush: WebPush, service: FakePushService
) -> None:
    outcome = await webpush.send(message(), service.subscribe(url="https://127.0.0.1:9"))
    assert isinstance(outcome, Retry)
    assert "s3cret" not in outcome.detail
