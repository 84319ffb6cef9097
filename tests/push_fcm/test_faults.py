"""What happens on the way to FCM stays with the one message it happens to."""

import asyncio
import random

import pytest

from naryad_pusher.channels.channel import Retry, Sent
from naryad_pusher.channels.fcm import fcm as channel
from naryad_pusher.channels.fcm.fcm import Fcm
from push_fcm.opened import phone
from support.fcm_service import FakeFcm, always
from support.misbehaving import endless, half, reset, silent
from support.push_messages import message
from support.wait import soon

DEADLINE_S = 300.0
"""Of a hang, not of slowness."""


async def test_a_hundred_and_fifty_unavailable_answers_do_not_hang(fcm: Fcm, service: FakeFcm) -> None:
    down = always(503, "UNAVAILABLE", "UNAVAILABLE", retry_after="20")
    service.answers.update({f"down-{number}": down for number in range(150)})
    async with asyncio.timeout(DEADLINE_S):
        outcomes = await asyncio.gather(
            *(fcm.send(message(), phone(f"down-{number}")) for number in range(150))
        )
        assert outcomes == [Retry("FCM 503 UNAVAILABLE in FCM's words", 20)] * 150
        assert set(service.requests.values()) == {1}
        assert await fcm.send(message(), phone()) == Sent()


async def test_one_cancelled_sending_among_fifty_is_noticed_by_no_other(fcm: Fcm, service: FakeFcm) -> None:
    at_the_service = asyncio.Event()

    async def noticed(request: object) -> None:
        at_the_service.set()
        await asyncio.Event().wait()

    service.answers["cancelled"] = noticed  # type: ignore[assignment]
    doomed = asyncio.create_task(fcm.send(message(), phone("cancelled")))
    others = [asyncio.create_task(fcm.send(message(), phone(f"phone-{number}"))) for number in range(49)]
    await soon(at_the_service.wait())
    doomed.cancel()
    assert await asyncio.gather(*others) == [Sent()] * 49
    with pytest.raises(asyncio.CancelledError):
        await doomed
    assert sorted(one["token"] for one in service.messages) == sorted(f"phone-{n}" for n in range(49))


async def test_sendings_cancelled_at_any_moment_leave_room_for_all_that_follow(
    fcm: Fcm, service: FakeFcm
) -> None:
    """More of them than there are connections: none may keep its own for ever."""
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    for _ in range(6):
        doomed = [asyncio.create_task(fcm.send(message(), phone("doomed"))) for _ in range(50)]
        for _ in range(chance.randrange(40)):
            await asyncio.sleep(0)
        await asyncio.sleep(chance.random() * 0.02)
        for task in doomed:
            task.cancel()
        await asyncio.gather(*doomed, return_exceptions=True)
    async with asyncio.timeout(DEADLINE_S):
        outcomes = await asyncio.gather(*(fcm.send(message(), phone(f"p-{n}")) for n in range(120)))
    assert outcomes == [Sent()] * 120


async def test_a_silent_service_costs_its_message_an_attempt_and_the_others_nothing(
    fcm: Fcm, service: FakeFcm, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.answers["silent"] = silent
    assert await fcm.send(message(), phone()) == Sent()
    with monkeypatch.context() as patch:
        patch.setattr(channel, "ANSWER_S", 0.2)
        waited = await asyncio.gather(*(fcm.send(message(), phone("silent")) for _ in range(120)))
    assert waited == [Retry("FCM: no answer within 0.2 s")] * 120
    assert await asyncio.gather(*(fcm.send(message(), phone()) for _ in range(120))) == [Sent()] * 120


@pytest.mark.parametrize(
    ("fault", "words"),
    [(reset, "Error"), (half, "ClientPayloadError"), (endless, "an answer of more than 65536 bytes")],
)
async def test_a_broken_answer_is_tried_again_later(
    fcm: Fcm, service: FakeFcm, fault: object, words: str
) -> None:
    service.answers["broken"] = fault  # type: ignore[assignment]
    outcomes = await asyncio.gather(
        *(fcm.send(message(), phone("broken" if number % 2 else "phone")) for number in range(40))
    )
    assert all(type(one) is (Retry if number % 2 else Sent) for number, one in enumerate(outcomes)), outcomes
    assert all(words in one.detail for one in outcomes if isinstance(one, Retry)), outcomes
    assert service.requests["broken"] == 20
    assert service.requests["phone"] == 20


async def test_a_service_that_is_not_there_is_asked_again_later(fcm: Fcm, service: FakeFcm) -> None:
    assert await fcm.send(message(), phone()) == Sent()
    fcm._client._service._fcm_url = "https://127.0.0.1:9/v1/projects/p/messages:send"
    outcome = await fcm.send(message(), phone())
    assert isinstance(outcome, Retry)
    assert "ConnectError" in outcome.detail
