"""A phone asks whether pushes still reach it: what was turned off elsewhere it cannot know."""

from typing import Any

from asyncpg import Connection

from support.account import Office, Phone

PUSH = "/v1/devices/current/push"
FCM = {"channel": "fcm", "token": "fcm-token:APA91"}


async def of_me(phone: Phone) -> Any:
    device = (await phone.http.get("/v1/me")).json()["device"]
    return device["push"]  # null is said: left out it would mean that nobody knows


async def test_a_phone_is_told_whether_it_is_registered(office: Office, truth: Connection) -> None:
    assert await of_me(office.ivan) is None
    assert (await office.ivan.http.put(PUSH, json=FCM)).status_code == 204
    on = await of_me(office.ivan)
    assert (on["channel"], on["state"]) == ("fcm", "on")
    await truth.execute("update push_registration set state = 'off', reason = '404 UNREGISTERED'")
    off = await of_me(office.ivan)
    assert (off["state"], off["reason"]) == ("off", "404 UNREGISTERED")
    assert (await office.ivan.http.delete(PUSH)).status_code == 204
    assert await of_me(office.ivan) is None


async def test_each_phone_is_told_of_itself_and_the_desk_of_none(office: Office) -> None:
    assert (await office.olga.http.put(PUSH, json=FCM)).status_code == 204
    assert await of_me(office.ivan) is None
    assert (await of_me(office.olga))["state"] == "on"
    assert (await office.ivan.http.put(PUSH, json=FCM)).status_code == 204
    assert (await of_me(office.olga))["reason"] == "moved"
    assert "device" not in (await office.desk.get("/v1/me")).json()
