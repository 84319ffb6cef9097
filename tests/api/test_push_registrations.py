"""A device says where it is reached; the desk sees whether it is."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asyncpg import Connection

from naryad.uuid7 import uuid7
from support.account import Office, Phone, found_office, phone_of
from support.server import Api
from support.subscriptions import subscription

APNS = {"channel": "apns", "token": "ab" * 32, "environment": "production"}
FCM = {"channel": "fcm", "token": "fcm-token:APA91"}
PATH = "/v1/devices/current/push"


@pytest.fixture
async def rival(api: Api) -> AsyncIterator[Office]:
    async with found_office(api, "Rival") as founded:
        yield founded


async def put(phone: Phone, body: dict[str, Any]) -> None:
    answer = await phone.http.put(PATH, json=body)
    assert (answer.status_code, answer.content) == (204, b""), answer.text


async def seen(office: Office, phone: Phone) -> Any:
    """How the desk sees that the phone can be told."""
    listed = (await office.desk.get("/v1/devices")).json()["devices"]
    return next(one["push"] for one in listed if one["id"] == phone.device_id)


async def test_registering_and_taking_it_back(office: Office) -> None:
    assert await seen(office, office.ivan) is None

    for body in (APNS, FCM, {"channel": "webpush", "subscription": subscription()}):
        await put(office.ivan, body)
        push = await seen(office, office.ivan)
        assert (push["channel"], push["state"]) == (body["channel"], "on")
        assert push.keys() == {"channel", "state", "since"}
    assert await seen(office, office.olga) is None

    for _ in range(2):
        assert (await office.ivan.http.delete(PATH)).status_code == 204
        assert await seen(office, office.ivan) is None


async def test_on_since_the_first_time_and_not_since_the_last(office: Office, truth: Connection) -> None:
    await put(office.ivan, APNS)
    first = await truth.fetchrow("select since, registered_at from push_registration")
    await put(office.ivan, {**APNS, "token": "AB" * 32})  # the same number
    again = await truth.fetchrow("select since, registered_at, token from push_registration")
    assert again["token"] == APNS["token"]
    assert again["since"] == first["since"]
    assert again["registered_at"] > first["registered_at"]

    await truth.execute("update push_registration set state = 'off', reason = '410 Unregistered'")
    assert (await seen(office, office.ivan))["reason"] == "410 Unregistered"
    await put(office.ivan, APNS)
    anew = await truth.fetchrow("select state, reason, since from push_registration")
    assert (anew["state"], anew["reason"]) == ("on", None)
    assert anew["since"] > first["since"]


async def test_the_desk_has_no_device_to_register(office: Office) -> None:
    for answer in (await office.desk.put(PATH, json=APNS), await office.desk.delete(PATH)):
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:naryad:problem:not-a-device")


async def test_a_token_has_one_owner_in_the_whole_installation(office: Office, rival: Office) -> None:
    await put(office.ivan, APNS)
    await put(office.olga, FCM)

    await put(rival.ivan, APNS)

    assert (await seen(rival, rival.ivan))["state"] == "on"
    moved = await seen(office, office.ivan)
    assert (moved["state"], moved["reason"]) == ("off", "moved")
    assert (await seen(office, office.olga))["state"] == "on"  # another token
    await put(office.ivan, APNS)  # and back
    assert (await seen(office, office.ivan))["state"] == "on"
    assert (await seen(rival, rival.ivan))["reason"] == "moved"


async def test_a_token_moves_with_the_phone_to_the_next_worker(office: Office) -> None:
    await put(office.ivan, APNS)
    next_shift = await phone_of(office.api, office.olga.login, office.olga.worker_id, uuid7())
    try:
        await put(next_shift, APNS)
    finally:
        await next_shift.http.aclose()
    assert (await seen(office, office.ivan))["reason"] == "moved"


async def test_many_devices_fight_for_few_tokens_and_none_has_two_owners(
    office: Office, rival: Office, truth: Connection
) -> None:
    phones = [office.ivan, office.olga, rival.ivan, rival.olga]
    tokens = [f"{number:064x}" for number in range(2)]

    async def keep_putting(place: int) -> None:
        for turn in range(12):
            await put(phones[place], {**APNS, "token": tokens[(place + turn) % 2]})

    await asyncio.gather(*(keep_putting(place) for place in range(4)))

    for phone, token in zip(phones, tokens, strict=False):  # whoever comes last has it
        await put(phone, {**APNS, "token": token})
    on = await truth.fetch("select token, device_id from push_registration where state = 'on'")
    assert {(one["token"], str(one["device_id"])) for one in on} >= {
        (token, phone.device_id) for phone, token in zip(phones, tokens, strict=False)
    }
    assert len(on) == len({one["token"] for one in on}) == len(tokens)
    assert await truth.fetchval("select count(*) from push_registration") == len(phones)


async def test_what_a_service_may_not_do_itself_the_function_does_and_no_more(
    office: Office, rival: Office
) -> None:
    """`register_push` sees across accounts; a statement of the services does not."""
    await put(rival.ivan, APNS)
    database = office.api.stores.database
    async with database.account(office.account_id) as connection:
        assert await connection.fetchval("select count(*) from push_registration") == 0
        assert (
            await connection.fetchval(
                "with gone as (delete from push_registration returning 1) select count(*) from gone"
            )
            == 0
        )
        owner = await connection.fetchrow(
            """select pg_get_userbyid(proowner) as owner, prosecdef, proconfig from pg_proc
               where proname = 'register_push'"""
        )
    assert (owner["owner"], owner["prosecdef"]) == ("naryad_across", True)
    assert owner["proconfig"] == ["search_path=public, pg_temp"]
    assert (await seen(rival, rival.ivan))["state"] == "on"


def web(endpoint: str = "https://fcm.googleapis.com/wp/one", **keys: str) -> dict[str, Any]:
    made = subscription(endpoint)
    return {"channel": "webpush", "subscription": {**made, "keys": {**made["keys"], **keys}}}


WEB = web()
BARE = {"endpoint": "https://fcm.googleapis.com/x"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/channel"),
        ({"channel": "sms", "token": "1"}, "/channel"),
        ({"channel": "recording", "token": "1"}, "/channel"),
        ({"channel": "apns"}, "/token"),
        ({"channel": "apns", "token": "not hex"}, "/token"),
        ({"channel": "apns", "token": "xy" * 32}, "/token"),
        ({"channel": "apns", "token": "abc"}, "/token"),
        ({"channel": "apns", "token": "ab" * 101}, "/token"),
        ({"channel": "apns", "token": 7}, "/token"),
        ({**APNS, "environment": "staging"}, "/environment"),
        ({**APNS, "subscription": subscription()}, "/subscription"),
        ({**APNS, "secret": "x"}, "/secret"),
        ({"channel": "fcm"}, "/token"),
        ({"channel": "fcm", "token": ""}, "/token"),
        ({"channel": "fcm", "token": "a b"}, "/token"),
        ({"channel": "fcm", "token": "токен"}, "/token"),
        ({"channel": "fcm", "token": "x" * 2001}, "/token"),
        ({**FCM, "environment": "production"}, "/environment"),
        ({"channel": "webpush"}, "/subscription"),
        ({**WEB, "token": "x"}, "/token"),
        ({**WEB, "environment": "production"}, "/environment"),
        ({"channel": "webpush", "subscription": "x"}, "/subscription"),
        ({"channel": "webpush", "subscription": BARE}, "/subscription/keys"),
        ({"channel": "webpush", "subscription": {**BARE, "keys": {}}}, "/subscription/keys/p256dh"),
        (web(auth="A"), "/subscription/keys/auth"),
        (web(p256dh="A" * 87), "/subscription/keys/p256dh"),
        (web("https://example.com/x"), "/subscription/endpoint"),
        (web("http://fcm.googleapis.com/x"), "/subscription/endpoint"),
        (web("https://fcm.googleapis.com/" + "x" * 2000), "/subscription/endpoint"),
    ],
)
async def test_what_cannot_work_is_refused_where_it_is_wrong(
    office: Office, body: dict[str, Any], pointer: str
) -> None:
    answer = await office.ivan.http.put(PATH, json=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert pointer in [one["pointer"] for one in answer.json()["errors"]]
    assert await seen(office, office.ivan) is None
