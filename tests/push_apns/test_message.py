"""What arrives at Apple, as the fake saw it."""

import json

from naryad_pusher.channels.apns.channel import Apns
from naryad_pusher.channels.channel import Sent
from support.apns.fake import FakeApns
from support.apns.identity import TOPIC
from support.apns.sending import address, deliver, message


async def test_an_alert_is_shown_and_wakes_the_app(fake: FakeApns, channel: Apns) -> None:
    one = message()
    assert one.alert is not None
    assert await channel.send(one, address("good-1")) == Sent()
    last = (await fake.report())["last"]
    headers = last["headers"]
    assert headers[":path"] == "/3/device/good-1"
    assert headers[":authority"] == f"localhost:{fake.port}"
    assert headers["apns-push-type"] == "alert"
    assert headers["apns-priority"] == "10"
    assert headers["apns-topic"] == TOPIC
    assert headers["apns-id"] == str(one.notification_id)
    assert headers["apns-collapse-id"] == str(one.job_id)
    assert headers["apns-expiration"] == str(int(one.expires_at.timestamp()))
    assert json.loads(last["body"]) == {
        "aps": {
            "alert": {"title": one.alert.title, "body": one.alert.body},
            "sound": "default",
            "content-available": 1,
        },
        "job_id": str(one.job_id),
        "version": 7,
        "reason": "assigned",
        "notification_id": str(one.notification_id),
        "url": f"naryad://jobs/{one.job_id}",
    }


async def test_a_silent_message_shows_nothing(fake: FakeApns, channel: Apns) -> None:
    one = message(alert=None)
    assert await channel.send(one, address("good-1")) == Sent()
    last = (await fake.report())["last"]
    assert last["headers"]["apns-push-type"] == "background"
    assert last["headers"]["apns-priority"] == "5"
    assert last["headers"]["apns-collapse-id"] != str(one.job_id), "it would take a waiting alert's place"
    assert json.loads(last["body"])["aps"] == {"content-available": 1}
    assert json.loads(last["body"])["job_id"] == str(one.job_id)


async def test_one_connection_and_one_provider_token_for_all(fake: FakeApns, channel: Apns) -> None:
    await deliver(channel, [f"good-{n}" for n in range(300)])
    report = await fake.report()
    assert (report["messages"], report["doubles"]) == (300, 0)
    assert (report["connections"], report["provider_tokens"]) == (1, 1)


async def test_a_token_cannot_leave_its_place_in_the_path(fake: FakeApns, channel: Apns) -> None:
    await channel.send(message(), address("../../x?y=\r\nz: я"))
    path = (await fake.report())["last"]["headers"][":path"]
    assert path == "/3/device/..%2F..%2Fx%3Fy%3D%0D%0Az%3A%20%D1%8F"
